/* Which policy the broker that runs goes by, as it tells systemd in its status, and waiting until that is the
 * one that is meant. No broker is started by it, and none has to answer. */
#pragma once

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

/* Waits until no broker runs or the one that runs goes by that policy; with `reload`, has it read its file
 * first, if it does not; and in any case after half a second. Returns an exit status, after saying on
 * standard output who goes by it, or on standard error that nobody does. `path` is the policy's file. */
int in_force_wait(sd_bus *bus, const struct policy *policy, const char *path, bool reload);
