/* The last good one stays. */
#include "policy/in-force.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "policy/last-policy.h"
#include "policy/load.h"

static void replace(struct policy_in_force *f, struct policy *policy)
{
    policy_free(f->policy);
    f->policy = policy;
}

static int keep_last_good(struct policy_in_force *f, const struct policy_error *error)
{
    struct policy *policy = NULL;
    int r = 0;

    f->error = policy_error_format(error);
    if (!f->error)
        return -ENOMEM;
    if (error->missing) {
        replace(f, NULL);
        last_policy_forget();
    } else if (!f->policy) {
        r = last_policy_recall(&policy);
        replace(f, policy);
    }
    return r < 0 ? r : POLICY_E_INVALID;
}

int policy_in_force_read(struct policy_in_force *f)
{
    _cleanup_(policy_error_done) struct policy_error error = { 0 };
    struct policy *policy = NULL;
    int r;

    r = policy_load_owned(f->path, f->owner, &policy, &error);
    if (r < 0)
        return r;
    free(f->error);
    f->error = NULL;
    if (r > 0)
        return keep_last_good(f, &error);
    replace(f, policy);
    last_policy_keep(policy);
    return 0;
}

void policy_in_force_describe(const struct policy_in_force *f, char *ret, size_t size)
{
    const struct policy *policy = f->policy;

    if (policy)
        (void)snprintf(ret, size, POLICY_STATUS_MARK "%.*s of %zu grant%s%s", POLICY_STATUS_DIGITS,
                       policy->checksum, policy->n_grants, policy->n_grants == 1 ? "" : "s",
                       f->error ? " (the file is broken since)" : "");
    else
        (void)snprintf(ret, size, ", the policy file is broken, nothing is granted");
}

void policy_in_force_done(struct policy_in_force *f)
{
    policy_free(f->policy);
    free(f->error);
    f->policy = NULL;
    f->error = NULL;
}
