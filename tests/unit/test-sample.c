/* The names that a grant is tried with: some it covers, some it nearly covers. */
#include <stdio.h>
#include <string.h>

#include "common/cleanup.h"
#include "policy/pattern.h"
#include "polkit/ask/sample.h"
#include "tests/unit/policy-text.h"
#include "tests/unit/rule-engine.h"
#include "tests/unit/test.h"

static const char *const PATTERNS[] = {
    "[0-9]{4}",  "a",    "blue|green", "[a-z][a-z0-9-]{0,30}",         "a?b*c+",      "(x|yz){2,5}",
    ".",         ".{3}", "[A-Z]+",     "([0-9]{1,3}[.]){3}[0-9]{1,3}", "a{0,2}(b|c)", "[0-9]{1,255}",
    "x(1|2|3)?",
};
enum { N_PATTERNS = sizeof(PATTERNS) / sizeof(*PATTERNS) };

static void test_samples_match(_unused_ void **state)
{
    for (size_t i = 0; i < N_PATTERNS; i++) {
        _cleanup_(pattern_freep) struct pattern *pattern = NULL;
        struct pattern_error error;

        assert_int_equal(pattern_new(PATTERNS[i], &pattern, &error), 0);
        for (unsigned variant = 0; variant < SAMPLE_VARIANTS; variant++) {
            char instance[UNIT_NAME_SIZE], again[UNIT_NAME_SIZE];

            if (!sample_instance(PATTERNS[i], variant, instance))
                continue;
            if (!pattern_match(pattern, instance))
                fail_msg("%s does not match %s", instance, PATTERNS[i]);
            assert_true(sample_instance(PATTERNS[i], variant, again));
            assert_string_equal(instance, again);
        }
        assert_true(sample_instance(PATTERNS[i], 0, (char[UNIT_NAME_SIZE]){ 0 }));
    }
}

static void test_shortest_and_longest(_unused_ void **state)
{
    char instance[UNIT_NAME_SIZE];

    assert_true(sample_instance("[0-9]{4}", 0, instance));
    assert_string_equal(instance, "0000");
    assert_true(sample_instance("[0-9]{4}", 1, instance));
    assert_string_equal(instance, "9999");
    assert_true(sample_instance("blue|green", 1, instance));
    assert_string_equal(instance, "green");
    assert_true(sample_instance("a{1,9}", 1, instance));
    assert_string_equal(instance, "aaaa");
    assert_false(sample_instance("a?", 0, instance));
    assert_false(sample_instance("[", 0, instance));
    assert_true(sample_instance("a{255}", 0, instance) == false);
}

struct seen {
    const struct policy *policy;
    size_t n;
    bool longer, shorter, other_suffix, other_template, changed;
};

static int on_near_miss(const char *name, void *userdata)
{
    struct seen *seen = userdata;

    if (sample_covered(seen->policy, name))
        fail_msg("%s is covered, so it is no near miss", name);
    seen->n++;
    seen->longer = seen->longer || strcmp(name, "example@12345.service") == 0;
    seen->shorter = seen->shorter || strcmp(name, "example@123.service") == 0;
    seen->changed = seen->changed || strcmp(name, "example@123x.service") == 0;
    seen->other_suffix = seen->other_suffix || strcmp(name, "example@1234.socket") == 0;
    seen->other_template = seen->other_template || strcmp(name, "examplex@1234.service") == 0;
    return 0;
}

static void test_near_misses(_unused_ void **state)
{
    _cleanup_(policy_freep) struct policy *policy =
        policy_from("[Grant]\nUnit=example@.service\nInstances=[0-9]{4}\nVerbs=restart\n");
    struct seen seen = { .policy = policy };
    struct unit_name name;

    assert_int_equal(unit_name_parse("example@1234.service", &name), 0);
    assert_int_equal(sample_near_misses(policy, &name, on_near_miss, &seen), 0);
    assert_true(seen.n >= 20);
    assert_true(seen.longer && seen.shorter && seen.changed && seen.other_suffix && seen.other_template);
}

static int stop(_unused_ const char *name, void *userdata)
{
    (*(int *)userdata)++;
    return 7;
}

static void test_near_misses_can_be_stopped(_unused_ void **state)
{
    _cleanup_(policy_freep) struct policy *policy =
        policy_from("[Grant]\nUnit=a@.service\nInstances=a\nVerbs=restart\n");
    struct unit_name name;
    int calls = 0;

    assert_int_equal(unit_name_parse("a@a.service", &name), 0);
    assert_int_equal(sample_near_misses(policy, &name, stop, &calls), 7);
    assert_int_equal(calls, 1);
}

/* The rule agrees about every one of them. */
static int ask_rule(const char *name, void *userdata)
{
    if (engine_says_yes(userdata, name, "restart"))
        fail_msg("the rule permits the near miss %s", name);
    return 0;
}

static void test_rule_denies_near_misses(_unused_ void **state)
{
    for (size_t i = 0; i < N_PATTERNS; i++) {
        _cleanup_(freep) char *text = NULL, *rule = NULL;
        _cleanup_(policy_freep) struct policy *policy = NULL;
        char instance[UNIT_NAME_SIZE];
        struct unit_name name;
        duk_context *engine;

        assert_true(asprintf(&text, "[Grant]\nUnit=w@.service\nInstances=%s\nVerbs=restart\n", PATTERNS[i]) >
                    0);
        policy = policy_from(text);
        rule = rule_text(policy);
        engine = engine_new(rule);
        for (unsigned variant = 0; variant < SAMPLE_VARIANTS; variant++)
            if (sample_instance(PATTERNS[i], variant, instance) &&
                unit_name_build("w@.service", instance, &name) == 0) {
                assert_true(engine_says_yes(engine, name.unit, "restart"));
                assert_int_equal(sample_near_misses(policy, &name, ask_rule, engine), 0);
            }
        duk_destroy_heap(engine);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_samples_match),
        cmocka_unit_test(test_shortest_and_longest),
        cmocka_unit_test(test_near_misses),
        cmocka_unit_test(test_near_misses_can_be_stopped),
        cmocka_unit_test(test_rule_denies_near_misses),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
