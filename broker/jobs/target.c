/* What the policy says, in the broker's words. */
#include "broker/jobs/target.h"

#include <stdio.h>

#include "broker/outcome/sentence.h"
#include "policy/resolve.h"

static void take_terms(const struct grant *grant, struct target *ret)
{
    ret->start_stopped = grant->start_stopped;
    ret->reason_required = grant->reason_required;
    ret->cooldown_usec = grant->cooldown_usec;
    ret->settle_usec = grant->settle_usec;
    (void)snprintf(ret->grant, sizeof(ret->grant), "%s:%u", grant->file, grant->line);
}

static void refuse(const struct policy_in_force *rules, int outcome, const struct resolution *resolution,
                   struct outcome *ret)
{
    switch (outcome) {
    case RESOLVE_E_NAME:
        sentence_name(ret, resolution->why);
        break;
    case RESOLVE_E_NO_POLICY:
        sentence_policy_file(ret, rules->error);
        break;
    case RESOLVE_E_NO_DEFAULT:
        sentence_no_default(ret, rules->path);
        break;
    default:
        sentence_no_grant(ret, resolution->why, resolution->grant, &resolution->name, rules->path);
    }
}

bool target_resolve(const struct policy_in_force *rules, const struct person *person, const char *id,
                    unsigned verb, struct target *ret, struct outcome *ret_outcome)
{
    struct resolution resolution;
    int r = policy_resolve(rules->policy, person, id, verb, &resolution);

    ret_outcome->verb = verb;
    (void)snprintf(ret_outcome->unit, sizeof(ret_outcome->unit), "%s", resolution.name.unit);
    if (r != 0) {
        refuse(rules, r, &resolution, ret_outcome);
        return false;
    }
    ret->name = resolution.name;
    take_terms(resolution.grant, ret);
    return true;
}
