/* Which policy the broker that runs goes by, as it tells systemd in its status, and waiting until that is the
 * one that is meant. No broker is started by it, and none has to answer. */
#pragma once

#include <stdbool.h>
#include <systemd/sd-bus.h>

#include "policy/policy.h"

enum in_force {
    IN_FORCE_NOBODY,  /* no broker runs; the next one reads the file when it starts */
    IN_FORCE_SAME,    /* the broker goes by that policy */
    IN_FORCE_OTHER,   /* by another one */
    IN_FORCE_NOTHING, /* by none: nothing is granted */
    IN_FORCE_UNKNOWN, /* it is being started, or systemd cannot be asked */
};
enum in_force in_force_look(sd_bus *bus, const struct policy *policy);

/* Nobody goes by another one. */
static inline bool in_force_settled(enum in_force state)
{
    return state == IN_FORCE_NOBODY || state == IN_FORCE_SAME;
}

/* Waits until that is so, for at most ten seconds, and returns how it is then. With `reload`, has the broker
 * read its file first, if it does not go by that policy; and in any case after half a second. */
enum in_force in_force_wait(sd_bus *bus, const struct policy *policy, bool reload);
