/* From what somebody sent to a unit he may touch, or to the lock that says no. */
#include "broker/jobs/target.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "common/cleanup.h"
#include "common/refusal.h"
#include "policy/load.h"

static const char ONE[] = "[Grant]\nUnit=example@.service\nInstances=[0-9]{4}\nVerbs=restart\n";
static const char TWO[] = "[Grant]\nUnit=example@.service\nInstances=[0-9]{4}\nVerbs=restart\n"
                          "[Grant]\nUnit=other@.service\nInstances=a b\nVerbs=reload\nStartStopped=yes\n";
static const char TWO_DEFAULT[] =
    "[Grant]\nUnit=example@.service\nInstances=[0-9]{4}\nVerbs=restart\n"
    "[Grant]\nUnit=other@.service\nInstances=a b\nVerbs=restart\nStartStopped=yes\n"
    "Default=yes\nCooldown=90\n";

static const struct target_case {
    const char *policy; /* NULL: broken */
    const char *id;
    int refusal;
    const char *text; /* the unit, or what the sentence has in it */
} CASES[] = {
    { ONE, "1234", 0, "example@1234.service" },
    { ONE, "example@1234.service", 0, "example@1234.service" },
    { ONE, "123", REFUSAL_NO_GRANT, "Instances= at policy.conf:1" },
    { ONE, "example@12345.service", REFUSAL_NO_GRANT, "[0-9]{4}" },
    { ONE, "example@abcd.service", REFUSAL_NO_GRANT, "'abcd'" },
    { ONE, "other@1234.service", REFUSAL_NO_GRANT, "Unit=other@.service" },
    { ONE, "Example@1234.service", REFUSAL_NO_GRANT, "Unit=Example@.service" },
    { ONE, "", REFUSAL_NAME, "Nothing was restarted" },
    { ONE, "1234 ", REFUSAL_NAME, "Nothing was restarted" },
    { ONE, " 1234", REFUSAL_NAME, "Nothing was restarted" },
    { ONE, "1234\n", REFUSAL_NAME, "Nothing was restarted" },
    { ONE, "../1234", REFUSAL_NAME, "Nothing was restarted" },
    { ONE, "12*4", REFUSAL_NAME, "Nothing was restarted" },
    { ONE, "12\\x34", REFUSAL_NAME, "Nothing was restarted" },
    { ONE, "\xd9\xa1\xd9\xa2\xd9\xa3\xd9\xa4", REFUSAL_NAME, "Nothing was restarted" },
    { ONE, "example@1234.service.service", REFUSAL_NO_GRANT, "'1234.service'" },
    { ONE, "example@1234", 0, "example@1234.service" },
    { ONE, "example@12345", REFUSAL_NO_GRANT, "'12345'" },
    { ONE, "ssh", REFUSAL_NO_GRANT, "'ssh'" },
    { ONE, "ssh.service", REFUSAL_NO_GRANT, "Unit=ssh.service in policy.conf would open it" },
    { ONE, "ssh.service.service", REFUSAL_NO_GRANT, "Unit=ssh.service.service" },
    { ONE, "example.service", REFUSAL_NO_GRANT, "Unit=example.service" },
    /* No hint how to open what cannot be opened. */
    { ONE, "dbus.service", REFUSAL_NO_GRANT, "grants nothing for dbus.service, and cannot: it carries" },
    { ONE, "restarter-far@a.service", REFUSAL_NO_GRANT, "restarter-far@.service, and cannot: it is part" },
    { ONE, "example@1234.socket", REFUSAL_NAME, ".service" },
    { ONE, "example@.service", REFUSAL_NAME, "a template's" },
    { ONE, "example@1234@.service", REFUSAL_NAME, "Nothing was restarted" },
    { ONE, "@1234.service", REFUSAL_NAME, "Nothing was restarted" },
    { ONE, "-.service", REFUSAL_NAME, "has a character other than" },
    /* Without a default an id alone means nothing; with one it means that. */
    { TWO, "1234", REFUSAL_NO_GRANT, "Default=yes" },
    { TWO, "example@1234.service", 0, "example@1234.service" },
    { TWO, "other@a.service", REFUSAL_NO_GRANT, "Verbs= at policy.conf:5" },
    { TWO_DEFAULT, "a", 0, "other@a.service" },
    { TWO_DEFAULT, "1234", REFUSAL_NO_GRANT, "a b" },
    { "", "1234", REFUSAL_NO_GRANT, "policy.conf" },
    { "", "example@1234.service", REFUSAL_NO_GRANT, "Unit=example@.service" },
    /* A broken file permits nothing, and a name is a name all the same. */
    { NULL, "1234", REFUSAL_POLICY_FILE, "policy.conf:7: what is wrong" },
    { NULL, "example@1234.service", REFUSAL_POLICY_FILE, "policy.conf:7: what is wrong" },
    { NULL, "1 2", REFUSAL_NAME, "Nothing was restarted" },
};

static const struct person NOBODY = { 0 };

static void test_cases(_unused_ void **state)
{
    for (size_t i = 0; i < sizeof(CASES) / sizeof(*CASES); i++) {
        const struct target_case *c = &CASES[i];
        struct policy_error error = { 0 };
        struct policy *policy = NULL;
        struct target target = { 0 };
        struct outcome outcome = { 0 };
        struct policy_in_force rules = { .error = (char *)"policy.conf:7: what is wrong",
                                         .path = "policy.conf" };
        bool may;

        if (c->policy)
            assert_int_equal(policy_load_text("policy.conf", c->policy, strlen(c->policy), &policy, &error),
                             0);
        rules.policy = policy;
        may = target_resolve(&rules, &NOBODY, c->id, VERB_RESTART, &target, &outcome);
        if (may != (c->refusal == 0) || outcome.refusal != c->refusal ||
            !strstr(may ? target.name.unit : outcome.sentence, c->text))
            fail_msg("%s: refusal %d, %s%s", c->id, outcome.refusal, target.name.unit, outcome.sentence);
        policy_free(policy);
        policy_error_done(&error);
    }
}

static void test_grant(_unused_ void **state)
{
    struct policy_error error = { 0 };
    struct policy *policy = NULL;
    struct target target = { 0 };
    struct outcome outcome = { 0 };
    struct policy_in_force rules = { .path = "policy.conf" };

    assert_int_equal(policy_load_text("policy.conf", TWO_DEFAULT, strlen(TWO_DEFAULT), &policy, &error), 0);
    rules.policy = policy;
    assert_true(target_resolve(&rules, &NOBODY, "a", VERB_RESTART, &target, &outcome));
    assert_true(target.start_stopped);
    assert_int_equal(target.cooldown_usec, 90000000);
    assert_string_equal(target.grant, "policy.conf:5");
    assert_true(target_resolve(&rules, &NOBODY, "example@0000.service", VERB_RESTART, &target, &outcome));
    assert_false(target.start_stopped);
    assert_int_equal(target.cooldown_usec, 0);
    assert_string_equal(target.grant, "policy.conf:1");
    assert_false(target_resolve(&rules, &NOBODY, "a", VERB_RELOAD, &target, &outcome));
    policy_free(policy);
}

/* What is kept for people is not open to somebody whom nobody knows, by no way of asking for it. */
static void test_people(_unused_ void **state)
{
    static const char TEXT[] = "[Grant]\nUnit=example@.service\nInstances=x\nVerbs=restart\nUsers=*\n"
                               "[Grant]\nUnit=n.service\nVerbs=restart\nUsers=anna\n"
                               "[Grant]\nUnit=own@.service\nInstances=%u\nVerbs=restart\n";
    static const char *const IDS[] = { "x",         "example@x.service", "example@x",
                                       "n.service", "own@anna.service",  "own@%u" };
    struct policy_error error = { 0 };
    struct policy *policy = NULL;
    struct policy_in_force rules = { .path = "policy.conf" };

    assert_int_equal(policy_load_text("policy.conf", TEXT, strlen(TEXT), &policy, &error), 0);
    rules.policy = policy;
    for (size_t i = 0; i < sizeof(IDS) / sizeof(*IDS); i++)
        for (unsigned verb = 0; verb <= VERB_ALL; verb = verb == 0 ? 1 : verb << 1) {
            struct target target = { 0 };
            struct outcome outcome = { 0 };

            assert_false(target_resolve(&rules, &NOBODY, IDS[i], verb, &target, &outcome));
        }
    policy_free(policy);
}

/* Every length up to far beyond a name's: whole or refused, never cut. */
static void test_lengths(_unused_ void **state)
{
    static const char ANY[] = "[Grant]\nUnit=example@.service\nInstances=x+\nVerbs=restart\n";
    struct policy_error error = { 0 };
    struct policy *policy = NULL;
    struct policy_in_force rules = { .path = "policy.conf" };
    char id[600];

    assert_int_equal(policy_load_text("policy.conf", ANY, strlen(ANY), &policy, &error), 0);
    rules.policy = policy;
    for (size_t length = 1; length < sizeof(id) - 1; length++) {
        struct target target = { 0 };
        struct outcome outcome = { 0 };
        bool may;

        memset(id, 'x', length);
        id[length] = '\0';
        may = target_resolve(&rules, &NOBODY, id, VERB_RESTART, &target, &outcome);
        assert_int_equal(may, length + strlen("example@.service") < UNIT_NAME_SIZE);
        if (may)
            assert_int_equal(strlen(target.name.unit), length + strlen("example@.service"));
        else
            assert_int_equal(outcome.refusal, REFUSAL_NAME);
    }
    policy_free(policy);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_cases),
        cmocka_unit_test(test_grant),
        cmocka_unit_test(test_people),
        cmocka_unit_test(test_lengths),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
