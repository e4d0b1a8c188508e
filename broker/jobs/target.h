/* From what somebody sent to a unit that the policy lets him touch, and on what terms. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "broker/outcome/outcome.h"
#include "common/unit-name.h"
#include "policy/in-force.h"

enum { TARGET_GRANT_SIZE = 128 };

struct target {
    struct unit_name name;
    bool start_stopped;
    bool reason_required;
    uint64_t cooldown_usec;        /* least time from one start to the next; 0: none */
    uint64_t settle_usec;          /* how long it is watched after its job; POLICY_SETTLE_BY_TYPE */
    char grant[TARGET_GRANT_SIZE]; /* "FILE:LINE" of what grants it */
};

/* `id` as in policy/resolve.h; `verb` is one flag, or 0 for any that is granted there. True with *ret; else
 * *ret_outcome is a refusal. */
bool target_resolve(const struct policy_in_force *rules, const struct person *person, const char *id,
                    unsigned verb, struct target *ret, struct outcome *ret_outcome);
