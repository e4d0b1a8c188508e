/* Waiting until the broker goes by what was written. */
#pragma once

#include <stdbool.h>
#include <systemd/sd-bus.h>

#include "policy/policy.h"

/* Waits until no broker runs or the one that runs goes by that policy; see in-force.h for `reload`. Returns
 * an exit status, after saying on standard output who goes by it, or on standard error that nobody does.
 * `path` is the policy's file. */
int policy_wait_in_force(sd_bus *bus, const struct policy *policy, const char *path, bool reload);
