/* The policy is read anew for each: it is a process for each. */
#include "log/run-errand.h"

#include <stdbool.h>

#include "common/cleanup.h"
#include "log/past.h"
#include "log/unit-lines.h"
#include "policy/load.h"

static bool may_see(const struct policy *policy, const struct person *person, const struct unit_name *name)
{
    static const struct person ANYBODY = { .is_root = true };

    return policy_verbs(policy, policy_is_admin(policy, person) ? &ANYBODY : person, name) != 0;
}

static bool may_know(const struct policy *policy, const struct errand *errand)
{
    struct unit_name name;
    bool is_unit = unit_name_parse(errand->unit, &name) == 0;

    switch (errand->kind) {
    case ERRAND_LINES:
        return is_unit && policy_shows_logs(policy, &errand->person, &name);
    case ERRAND_HISTORY:
        return is_unit && may_see(policy, &errand->person, &name);
    case ERRAND_DAY:
        return policy_is_admin(policy, &errand->person);
    default:
        return errand->kind == ERRAND_LATEST; /* of what the broker has done itself */
    }
}

int errand_run(const struct errand *errand, const char *policy_path, struct found *ret)
{
    _cleanup_(policy_error_done) struct policy_error error = { 0 };
    _cleanup_(policy_freep) struct policy *policy = NULL;
    int r = policy_load(policy_path, &policy, &error);

    if (r != 0)
        return r < 0 ? r : ERRAND_RUN_NO_POLICY;
    if (!may_know(policy, errand))
        return ERRAND_RUN_REFUSED;
    return errand->kind == ERRAND_LINES ? unit_lines_find(errand->unit, ret) : past_find(errand, ret);
}
