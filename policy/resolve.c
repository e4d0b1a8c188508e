/* Grammar first, then the policy. */
#include "policy/resolve.h"

static int fail(struct resolution *ret, int outcome, int why)
{
    ret->why = why;
    return outcome;
}

/* One of those that are granted; the button's when there is none. */
static unsigned any_verb(const struct policy *policy, const struct unit_name *name)
{
    unsigned verbs = policy_verbs(policy, name);

    return verbs != 0 ? verbs & -verbs : (unsigned)VERB_RESTART;
}

int policy_resolve(const struct policy *policy, const char *id, unsigned verb, struct resolution *ret)
{
    bool is_name = unit_id_is_name(id);
    const struct grant *grant;
    int r = unit_id_check(id);

    *ret = (struct resolution){ 0 };
    if (r == 0 && is_name)
        r = unit_id_parse(id, &ret->name);
    if (r != 0)
        return fail(ret, RESOLVE_E_NAME, r);
    if (!policy)
        return RESOLVE_E_NO_POLICY;
    grant = policy_default(policy);
    if (!is_name && !grant)
        return RESOLVE_E_NO_DEFAULT;
    if (!is_name)
        r = unit_name_build(grant->unit, id, &ret->name);
    if (r != 0)
        return fail(ret, RESOLVE_E_NAME, r);
    r = policy_match(policy, &ret->name, verb != 0 ? verb : any_verb(policy, &ret->name), &ret->grant);
    return r == 0 ? 0 : fail(ret, RESOLVE_E_NO_GRANT, r);
}
