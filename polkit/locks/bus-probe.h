/* What the bus lets user restarter send, learned by sending it. Every probe carries an argument that no
 * method takes, so that one which gets through is refused by its receiver before anything is done. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "polkit/ask/account.h"

enum probe_result {
    PROBE_UNKNOWN, /* nobody answered */
    PROBE_DENIED,  /* by the bus */
    PROBE_NOBODY,  /* there is nobody of that name to send it to: nothing was learned */
    PROBE_PASSED,
};

struct probe {
    const char *destination, *path, *interface, *member;
    enum probe_result result;
};

/* A method of systemd's manager. */
#define PROBE_MANAGER(m)                                                                                     \
    {                                                                                                        \
        .destination = "org.freedesktop.systemd1", .path = "/org/freedesktop/systemd1",                      \
        .interface = "org.freedesktop.systemd1.Manager", .member = (m)                                       \
    }

/* Sends all of them as that user. Returns 0 or a negative errno: there are no results then. */
int bus_probe(const struct account *account, struct probe *probes, size_t n);
