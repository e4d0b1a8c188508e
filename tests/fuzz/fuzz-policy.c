/* The policy file: whatever the text, there is a policy or a printable error, and a rule can be rendered from
 * every policy there is. */
#include "tests/fuzz/fuzz.h"

#include <stdio.h>
#include <string.h>

#include "common/unit-name.h"
#include "policy/carrier.h"
#include "policy/load.h"
#include "polkit/rules/rule.h"

static void check_error(const struct policy_error *error)
{
    _cleanup_(freep) char *text = policy_error_format(error);

    FUZZ_ASSERT(text);
    for (const char *c = text; *c; c++)
        FUZZ_ASSERT(*c >= ' ' && *c <= '~');
}

/* A plain unit is granted under its own name, and carries nothing. */
static void check_plain(const struct policy *policy, const struct grant *grant)
{
    const struct grant *by = NULL;
    struct unit_name name;

    FUZZ_ASSERT(unit_name_parse(grant->unit, &name) == 0 && unit_name_is_plain(&name));
    FUZZ_ASSERT(!carrier_find(name.unit));
    FUZZ_ASSERT(grant->verbs == 0 || policy_match(policy, &name, grant->verbs & -grant->verbs, &by) == 0);
    FUZZ_ASSERT(!by || strcmp(by->unit, name.unit) == 0);
}

/* Whatever is granted is an instance of the very template that its grant names. */
static void check_name(const struct policy *policy, const struct grant *grant, const char *instance)
{
    const struct grant *by = NULL;
    struct unit_name name;

    if (unit_name_build(grant->unit, instance, &name) == 0 &&
        policy_match(policy, &name, VERB_RESTART, &by) == 0)
        FUZZ_ASSERT(strcmp(by->unit, name.template) == 0);
}

static void check_policy(const struct policy *policy)
{
    static const char *const INSTANCES[] = { "0000", "1234", "a", "a.b", "x-y", ".service" };
    FILE *out = fopen("/dev/null", "we");

    for (size_t i = 0; i < policy->n_grants; i++)
        if (grant_is_plain(&policy->grants[i]))
            check_plain(policy, &policy->grants[i]);
    for (size_t i = 0; i < policy->n_grants; i++)
        for (size_t j = 0; j < sizeof(INSTANCES) / sizeof(*INSTANCES); j++)
            check_name(policy, &policy->grants[i], INSTANCES[j]);
    FUZZ_ASSERT(out);
    (void)rule_render(policy, out);
    (void)fclose(out);
}

bool fuzz_passes(const uint8_t *data, size_t size)
{
    _cleanup_(policy_error_done) struct policy_error error = { 0 };
    _cleanup_(policy_freep) struct policy *policy = NULL;

    return policy_load_text("fuzz.conf", (const char *)data, size, &policy, &error) == 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    _cleanup_(policy_error_done) struct policy_error error = { 0 };
    _cleanup_(policy_freep) struct policy *policy = NULL;

    if (policy_load_text("fuzz.conf", (const char *)data, size, &policy, &error) == 0)
        check_policy(policy);
    else
        check_error(&error);
    return 0;
}
