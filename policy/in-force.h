/* The policy that the broker goes by: read from the files when it starts and whenever it is told to. A broken
 * file never replaces a good policy, not even one that an earlier broker went by (last-policy.h). A file that
 * was taken away is no mistake, and grants nothing. */
#pragma once

#include <stddef.h>
#include <sys/types.h>

#include "policy/policy.h"

struct policy_in_force {
    const char *path; /* of the policy file; borrowed */
    uid_t owner;      /* who besides root may own it and its drop-ins, as in policy_load_owned() */
    /* What follows is set by reading. */
    struct policy *policy; /* NULL: nothing is granted */
    char *error;           /* "FILE:LINE: message" of the last reading; NULL: it was good */
};
void policy_in_force_done(struct policy_in_force *in_force);

/* 0; POLICY_E_INVALID, with `error`: the files are broken or missing, and `policy` is what is gone by all the
 * same; or -ENOMEM. */
int policy_in_force_read(struct policy_in_force *in_force);

/* ", policy 0123456789abcdef of 3 grants", with POLICY_STATUS_MARK: for STATUS=. */
void policy_in_force_describe(const struct policy_in_force *in_force, char *ret, size_t size);
