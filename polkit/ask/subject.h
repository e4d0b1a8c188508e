/* Whom polkitd is asked about: a process, as the kernel knows it. */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>
#include <systemd/sd-bus.h>

#include "polkit/ask/account.h"

struct subject {
    pid_t pid;           /* 0: none */
    uint64_t start_time; /* of the process, in the kernel's ticks, so that its pid cannot be mistaken */
    uid_t uid;
    int pidfd; /* polkitd looks up the service of nothing else */
    bool ours; /* a child of this process, which ends with the subject */
};
#define SUBJECT_NONE                                                                                         \
    {                                                                                                        \
        .pidfd = -1                                                                                          \
    }

/* A process that runs, and belongs to whom it belongs to. Returns 0 or a negative errno: -ESRCH: it is gone.
 */
int subject_of(pid_t pid, struct subject *ret);

/* A process of that user that does nothing. Like the broker it is in nobody's login session, so that a rule
 * which looks at that answers as it would for the broker: the bus is asked to take it out of our own, if any.
 * Unlike the broker it is not of restarter-broker.service. Returns 0 or a negative errno. */
int subject_start(sd_bus *bus, const struct account *account, struct subject *ret);
/* Takes one that was not started. */
void subject_stop(struct subject *subject);

/* False also for none. What polkitd answered about a process that has ended says nothing. */
bool subject_runs(const struct subject *subject);

/* Appends polkit's (sa{sv}). */
int subject_append(const struct subject *subject, sd_bus_message *message);
