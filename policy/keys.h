/* The keys of the sections: their values, and what one grant may not be next to another. */
#pragma once

#include "policy/policy.h"

enum {
    KEY_UNIT = 1 << 0,
    KEY_INSTANCES = 1 << 1,
    KEY_VERBS = 1 << 2,
    KEY_START_STOPPED = 1 << 3,
    KEY_DEFAULT = 1 << 4,
    KEY_COOLDOWN = 1 << 5,
    KEY_SETTLE = 1 << 6,
    KEY_USERS = 1 << 7,
    KEY_GROUPS = 1 << 8,
    KEY_REASON = 1 << 9,
    KEY_LOGS = 1 << 10,
    KEY_CONFIRM = 1 << 11,
    /* Of a [Policy] section. */
    KEY_ADMINS = 1 << 12,
    KEY_ADMIN_GROUPS = 1 << 13,
    KEY_FRONTS = 1 << 14,
};
#define KEYS_POLICY ((unsigned)(KEY_ADMINS | KEY_ADMIN_GROUPS | KEY_FRONTS))

unsigned key_from_string(const char *name); /* 0: unknown */
const char *key_to_string(unsigned key);
/* Key=value into the grant. 0, POLICY_E_INVALID or -ENOMEM. */
int grant_set(struct grant *grant, unsigned key, const char *value, unsigned line,
              struct policy_error *error);

/* The same for a key of KEYS_POLICY, which has no grant. */
int policy_set(struct policy *policy, const char *file, unsigned key, const char *value, unsigned line,
               struct policy_error *error);

/* A whole grant next to all that came before it, which it is the last of. */
int policy_check_last(const struct policy *policy, struct policy_error *error);
