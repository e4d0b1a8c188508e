/* Grammar first, then the policy. */
#include "policy/resolve.h"

static int fail(struct resolution *ret, int outcome, int why)
{
    ret->why = why;
    return outcome;
}

/* One of those that are granted; the button's when there is none. */
static unsigned any_verb(const struct policy *policy, const struct person *person,
                         const struct unit_name *name)
{
    unsigned verbs = policy_verbs(policy, person, name);

    return verbs != 0 ? verbs & -verbs : (unsigned)VERB_RESTART;
}

/* Admins see all that is granted to anybody. */
static int see(const struct policy *policy, const struct person *person, struct resolution *ret)
{
    static const struct person ALL = { .is_root = true };

    if (policy_is_admin(policy, person))
        person = &ALL;
    return policy_permits(policy, person, &ret->name, any_verb(policy, person, &ret->name), &ret->grant);
}

static int name_of(const struct policy *policy, const struct person *person, const char *id,
                   struct resolution *ret)
{
    const struct grant *grant;
    int r;

    if (unit_id_is_name(id))
        return 0;
    grant = policy_default(policy, person);
    if (!grant)
        return RESOLVE_E_NO_DEFAULT;
    r = unit_name_build(grant->unit, id, &ret->name);
    return r == 0 ? 0 : fail(ret, RESOLVE_E_NAME, r);
}

int policy_resolve(const struct policy *policy, const struct person *person, const char *id, unsigned verb,
                   struct resolution *ret)
{
    int r = unit_id_check(id);

    *ret = (struct resolution){ 0 };
    if (r == 0 && unit_id_is_name(id))
        r = unit_id_parse(id, &ret->name);
    if (r != 0)
        return fail(ret, RESOLVE_E_NAME, r);
    if (!policy)
        return RESOLVE_E_NO_POLICY;
    r = name_of(policy, person, id, ret);
    if (r != 0)
        return r;
    r = verb != 0 ? policy_permits(policy, person, &ret->name, verb, &ret->grant) : see(policy, person, ret);
    return r == 0 ? 0 : fail(ret, RESOLVE_E_NO_GRANT, r);
}
