/* The policy: what a file's values become, and what the broker is then answered. */
#include "policy/policy.h"

#include <stdio.h>

#include "common/cleanup.h"
#include "tests/unit/policy-text.h"
#include "tests/unit/test.h"

#define GRANT "[Grant]\nUnit=a@.service\nInstances=[0-9]{4}\nVerbs=restart\n"
#define X10 "xxxxxxxxxx"
#define X50 X10 X10 X10 X10 X10

static void test_values(_unused_ void **state)
{
    _cleanup_(policy_freep) struct policy *policy =
        policy_from("# one\n"
                    "[Grant]\n"
                    "Unit=a@.service\n"
                    "Instances=  [0-9]{4}   web-.+\n"
                    "Verbs=restart try-restart reload reload-or-restart\n"
                    "StartStopped=yes\n"
                    "Cooldown=90\n"
                    "\n"
                    "[Grant]\n"
                    "Verbs=reload\n"
                    "Instances=x\n"
                    "Default=true\n"
                    "Unit=b@.service\n");
    const struct grant *a = &policy->grants[0], *b = &policy->grants[1];

    assert_int_equal(policy->n_grants, 2);
    assert_string_equal(a->unit, "a@.service");
    assert_string_equal(a->instances, "[0-9]{4} web-.+");
    assert_int_equal(a->n_patterns, 2);
    assert_string_equal(a->pattern_texts[0], "[0-9]{4}");
    assert_string_equal(a->pattern_texts[1], "web-.+");
    assert_int_equal(a->verbs, VERB_ALL);
    assert_true(a->start_stopped);
    assert_false(a->is_default);
    assert_int_equal(a->cooldown_usec, 90 * 1000000);
    assert_string_equal(a->file, "policy.conf");
    assert_int_equal(a->line, 2);

    assert_string_equal(b->unit, "b@.service");
    assert_int_equal(b->verbs, VERB_RELOAD);
    assert_false(b->start_stopped);
    assert_true(b->is_default);
    assert_int_equal(b->cooldown_usec, 0);
    assert_int_equal(b->line, 9);
}

static void test_cooldown(_unused_ void **state)
{
    static const struct {
        const char *value;
        unsigned seconds;
    } CASES[] = {
        { "0", 0 },      { "1", 1 },    { "30s", 30 },    { "45sec", 45 },
        { "5min", 300 }, { "2m", 120 }, { "24h", 86400 },
    };

    for (size_t i = 0; i < sizeof(CASES) / sizeof(*CASES); i++) {
        _cleanup_(policy_freep) struct policy *policy = NULL;
        _cleanup_(freep) char *text = NULL;

        assert_true(asprintf(&text, GRANT "Cooldown=%s\n", CASES[i].value) > 0);
        policy = policy_from(text);
        assert_int_equal(policy->grants[0].cooldown_usec, CASES[i].seconds * 1000000ULL);
    }
}

static void test_settle(_unused_ void **state)
{
    static const struct {
        const char *value;
        unsigned seconds;
    } CASES[] = { { "0", 0 }, { "5", 5 }, { "30s", 30 }, { "60sec", 60 }, { "1min", 60 } };
    struct policy *policy = policy_from(GRANT);

    assert_true(policy->grants[0].settle_usec == POLICY_SETTLE_BY_TYPE);
    policy_free(policy);
    for (size_t i = 0; i < sizeof(CASES) / sizeof(*CASES); i++) {
        _cleanup_(freep) char *text = NULL;

        assert_true(asprintf(&text, GRANT "Settle=%s\n", CASES[i].value) > 0);
        policy = policy_from(text);
        assert_int_equal(policy->grants[0].settle_usec, CASES[i].seconds * 1000000ULL);
        policy_free(policy);
    }
}

static void test_verbs(_unused_ void **state)
{
    unsigned all = 0;

    for (unsigned verb = 1; verb <= VERB_ALL; verb <<= 1) {
        assert_int_equal(verb_from_string(verb_to_string(verb)), verb);
        all |= verb;
    }
    assert_int_equal(all, VERB_ALL);
    assert_null(verb_to_string(0));
    assert_null(verb_to_string(VERB_ALL));
    assert_null(verb_to_string(VERB_RESTART | VERB_RELOAD));
    assert_null(verb_to_string(1 << 5));
    assert_int_equal(verb_from_string("start"), 0);
    assert_int_equal(verb_from_string("stop"), 0);
    assert_int_equal(verb_from_string(""), 0);
    assert_int_equal(verb_from_string("restart "), 0);
}

static unsigned verbs_of(const struct policy *policy, const char *unit)
{
    struct unit_name name;

    assert_int_equal(unit_name_parse(unit, &name), 0);
    return policy_verbs(policy, &(struct person){ .is_root = true }, &name);
}

/* Once it could be granted: a file that has it is sound, and grants the rest. */
static void test_retired_verb(_unused_ void **state)
{
    _cleanup_(policy_freep) struct policy *policy =
        policy_from("[Grant]\nUnit=a@.service\nInstances=x\nVerbs=restart reset-failed\n"
                    "[Grant]\nUnit=b@.service\nInstances=x\nVerbs=reset-failed\n"
                    "[Grant]\nUnit=c@.service\nInstances=x\nVerbs=reload\n");

    assert_int_equal(policy->grants[0].verbs, VERB_RESTART);
    assert_int_equal(policy->grants[0].retired_line, 4);
    assert_int_equal(policy->grants[1].verbs, 0);
    assert_int_equal(policy->grants[1].retired_line, 8);
    assert_int_equal(policy->grants[2].retired_line, 0);
    assert_int_equal(verbs_of(policy, "b@x.service"), 0);
    assert_int_equal(verb_from_string("reset-failed"), 0);
}

static void test_all_verbs_of_a_unit(_unused_ void **state)
{
    _cleanup_(policy_freep) struct policy *policy =
        policy_from("[Grant]\nUnit=a@.service\nInstances=[0-9]{4}\nVerbs=restart\n"
                    "[Grant]\nUnit=a@.service\nInstances=.+\nVerbs=reload try-restart\n");

    assert_int_equal(verbs_of(policy, "a@0001.service"), VERB_RESTART | VERB_RELOAD | VERB_TRY_RESTART);
    assert_int_equal(verbs_of(policy, "a@x.service"), VERB_RELOAD | VERB_TRY_RESTART);
    assert_int_equal(verbs_of(policy, "b@x.service"), 0);
}

static void test_match(_unused_ void **state)
{
    _cleanup_(policy_freep) struct policy *policy =
        policy_from("[Grant]\nUnit=a@.service\nInstances=[0-9]{4} web-.+\nVerbs=restart\n"
                    "[Grant]\nUnit=a@.service\nInstances=.+\nVerbs=reload\n"
                    "[Grant]\nUnit=b@.service\nInstances=x\nVerbs=restart try-restart\n");
    static const struct {
        const char *unit;
        unsigned verb;
        int outcome, grant; /* number of the grant, -1 for none */
    } CASES[] = {
        { "a@0001.service", VERB_RESTART, 0, 0 },
        { "a@web-x.service", VERB_RESTART, 0, 0 },
        { "a@0001.service", VERB_RELOAD, 0, 1 },
        { "a@other.service", VERB_RELOAD, 0, 1 },
        { "a@other.service", VERB_RESTART, POLICY_E_NO_VERB, 1 },
        { "a@0001.service", VERB_TRY_RESTART, POLICY_E_NO_VERB, 0 },
        { "b@x.service", VERB_TRY_RESTART, 0, 2 },
        { "b@y.service", VERB_RESTART, POLICY_E_NO_INSTANCE, 2 },
        { "b@xx.service", VERB_RESTART, POLICY_E_NO_INSTANCE, 2 },
        { "b@X.service", VERB_RESTART, POLICY_E_NO_INSTANCE, 2 },
        { "c@x.service", VERB_RESTART, POLICY_E_NO_UNIT, -1 },
        { "bb@x.service", VERB_RESTART, POLICY_E_NO_UNIT, -1 },
        { "B@x.service", VERB_RESTART, POLICY_E_NO_UNIT, -1 },
        { "b@x.service.service", VERB_RESTART, POLICY_E_NO_INSTANCE, 2 },
        { "a@" X50 X50 X50 X50 X10 X10 X10 X10 "xxxxx.service", VERB_RELOAD, 0, 1 },
        /* a verb is one flag */
        { "b@x.service", 0, POLICY_E_NO_VERB, 2 },
        { "b@x.service", VERB_RESTART | VERB_TRY_RESTART, POLICY_E_NO_VERB, 2 },
        { "b@x.service", VERB_ALL, POLICY_E_NO_VERB, 2 },
        { "b@x.service", 1 << 5, POLICY_E_NO_VERB, 2 },
    };

    for (size_t i = 0; i < sizeof(CASES) / sizeof(*CASES); i++) {
        const struct grant *grant = &policy->grants[99];
        struct unit_name name;
        int r;

        assert_int_equal(unit_name_parse(CASES[i].unit, &name), 0);
        r = policy_match(policy, &name, CASES[i].verb, &grant);
        if (r != CASES[i].outcome || grant != (CASES[i].grant < 0 ? NULL : &policy->grants[CASES[i].grant]))
            fail_msg("%s %u: %d", CASES[i].unit, CASES[i].verb, r);
        assert_int_equal(policy_match(policy, &name, CASES[i].verb, NULL), r);
    }
}

static void test_default(_unused_ void **state)
{
    static const struct {
        const char *text;
        int grant;
    } CASES[] = {
        { "", -1 },
        { GRANT, 0 },
        { GRANT "[Grant]\nUnit=a@.service\nInstances=x\nVerbs=restart\n", 0 },
        { GRANT "[Grant]\nUnit=a@.service\nInstances=x\nVerbs=restart\nDefault=yes\n", 1 },
        { GRANT "[Grant]\nUnit=b@.service\nInstances=x\nVerbs=restart\n", -1 },
        { GRANT "[Grant]\nUnit=b@.service\nInstances=x\nVerbs=restart\nDefault=yes\n", 1 },
        { GRANT "Default=yes\n[Grant]\nUnit=b@.service\nInstances=x\nVerbs=restart\n", 0 },
    };

    for (size_t i = 0; i < sizeof(CASES) / sizeof(*CASES); i++) {
        _cleanup_(policy_freep) struct policy *policy = policy_from(CASES[i].text);

        assert_ptr_equal(policy_default(policy, &(struct person){ 0 }),
                         CASES[i].grant < 0 ? NULL : &policy->grants[CASES[i].grant]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_values),
        cmocka_unit_test(test_cooldown),
        cmocka_unit_test(test_settle),
        cmocka_unit_test(test_verbs),
        cmocka_unit_test(test_match),
        cmocka_unit_test(test_retired_verb),
        cmocka_unit_test(test_all_verbs_of_a_unit),
        cmocka_unit_test(test_default),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
