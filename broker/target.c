/* Grammar first, then the policy. */
#include "broker/target.h"

#include <stdio.h>
#include <string.h>

#include "broker/sentence.h"

struct parts {
    char template_name[UNIT_NAME_SIZE];
    char instance[UNIT_NAME_SIZE];
};

static bool split_id(const struct policy *policy, const char *id, struct parts *ret)
{
    const struct grant *grant;

    if (unit_name_looks_full(id))
        return unit_id_split(id, ret->template_name, ret->instance) == 0;
    grant = policy_default(policy);
    if (!grant)
        return false;
    (void)snprintf(ret->template_name, UNIT_NAME_SIZE, "%s", grant->unit);
    (void)snprintf(ret->instance, UNIT_NAME_SIZE, "%s", id);
    return true;
}

static bool match(const struct target_rules *rules, const struct parts *parts, unsigned verb,
                  struct target *ret, struct outcome *ret_outcome)
{
    const struct grant *grant = NULL;
    int r;

    r = policy_match(rules->policy, parts->template_name, parts->instance, verb, &grant);
    if (r != 0) {
        sentence_no_grant(ret_outcome, r, grant, parts->template_name, parts->instance, rules->path);
        return false;
    }
    ret->start_stopped = grant->start_stopped;
    ret->cooldown_usec = grant->cooldown_usec;
    ret->settle_usec = grant->settle_usec;
    (void)snprintf(ret->grant, sizeof(ret->grant), "%s:%u", grant->file, grant->line);
    return true;
}

bool target_resolve(const struct target_rules *rules, const char *id, unsigned verb, struct target *ret,
                    struct outcome *ret_outcome)
{
    struct parts parts;
    int r;

    r = unit_id_check(id);
    if (r != 0) {
        sentence_name(ret_outcome, r);
        return false;
    }
    if (!rules->policy) {
        sentence_policy_file(ret_outcome, rules->error);
        return false;
    }
    if (!split_id(rules->policy, id, &parts)) {
        sentence_no_default(ret_outcome, rules->path);
        return false;
    }
    r = unit_name_build(parts.template_name, parts.instance, ret->unit);
    if (r != 0) {
        sentence_name(ret_outcome, r);
        return false;
    }
    memcpy(ret_outcome->unit, ret->unit, sizeof(ret->unit));
    return match(rules, &parts, verb, ret, ret_outcome);
}
