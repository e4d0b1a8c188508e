/* Whom polkitd is asked about: a process that belongs to the broker's user and does nothing. Like the broker
 * it is in nobody's login session, so that a rule which looks at that answers as it would for the broker. */
#pragma once

#include <stdint.h>
#include <sys/types.h>
#include <systemd/sd-bus.h>

#include "polkit/person.h"

struct subject {
    pid_t pid;           /* 0: none */
    uint64_t start_time; /* of the process, in the kernel's ticks, so that its pid cannot be mistaken */
    uid_t uid;
};

/* Returns 0 or a negative errno. The bus is asked to take the process out of our own login session, if any.
 */
int subject_start(sd_bus *bus, const struct person *person, struct subject *ret);
/* Takes one that was not started. */
void subject_stop(struct subject *subject);

/* Appends polkit's (sa{sv}). */
int subject_append(const struct subject *subject, sd_bus_message *message);
