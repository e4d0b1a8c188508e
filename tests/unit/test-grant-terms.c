/* Who may read a unit's lines, and where a page asks once more: no and yes unless it is written, and the
 * first grant that lets a person do something to the unit decides for him. */
#include <stdio.h>
#include <string.h>

#include "policy/load.h"
#include "policy/policy.h"
#include "tests/unit/policy-text.h"
#include "tests/unit/test.h"

#define N(array) (sizeof(array) / sizeof(*(array)))
#define A "[Grant]\nUnit=a.service\nVerbs=restart\n"

static const struct {
    const char *policy, *who; /* "": nobody */
    bool logs;
    unsigned confirm;
} CASES[] = {
    { A, "anna", false, VERB_RESTART },
    { A "Logs=no\nConfirm=yes\n", "anna", false, VERB_RESTART },
    { A "Logs=yes\nConfirm=no\n", "anna", true, 0 },
    { A "Logs=yes\nConfirm=no\n", "", true, 0 },
    { A "Logs=yes\nUsers=anna\n", "anna", true, VERB_RESTART },
    { A "Logs=yes\nUsers=anna\n", "bob", false, 0 },
    { A "Logs=yes\nUsers=anna\n", "", false, 0 },
    { A "Logs=yes\nUsers=*\n", "", false, 0 },
    { A "Logs=yes\nUsers=anna\n", "root", true, VERB_RESTART },
    /* The first one that covers him decides, not the friendliest. */
    { A "Users=*\n" A "Logs=yes\nUsers=anna\nConfirm=no\n", "anna", false, VERB_RESTART },
    { A "Users=anna\nLogs=yes\nConfirm=no\n" A, "anna", true, 0 },
    { A "Users=anna\nLogs=yes\nConfirm=no\n" A, "bob", false, VERB_RESTART },
    /* Verb by verb. */
    { A "Confirm=no\n[Grant]\nUnit=a.service\nVerbs=reload\nLogs=yes\n", "anna", true, VERB_RELOAD },
    { "[Grant]\nUnit=b.service\nVerbs=restart\nLogs=yes\n", "anna", false, 0 },
    { "[Grant]\nUnit=a@.service\nInstances=.*\nVerbs=restart\nLogs=yes\n", "anna", false, 0 },
};

static void test_of_whom(_unused_ void **state)
{
    struct unit_name name;

    assert_int_equal(unit_name_parse("a.service", &name), 0);
    for (size_t i = 0; i < N(CASES); i++) {
        _cleanup_(policy_freep) struct policy *policy = policy_from(CASES[i].policy);
        struct person who = { .is_root = strcmp(CASES[i].who, "root") == 0 };

        if (*CASES[i].who)
            assert_int_equal(person_set(&who, CASES[i].who, PERSON_UID), 0);
        if (policy_shows_logs(policy, &who, &name) != CASES[i].logs ||
            policy_verbs_to_confirm(policy, &who, &name) != CASES[i].confirm)
            fail_msg("'%s', of\n%s", CASES[i].who, CASES[i].policy);
    }
}

/* With %u as without. */
static void test_own_name(_unused_ void **state)
{
    _cleanup_(policy_freep) struct policy *policy =
        policy_from("[Grant]\nUnit=n@.service\nInstances=%u\nVerbs=restart\nLogs=yes\nUsers=*\n");
    struct person anna = { .is_root = false };
    struct unit_name hers, his;

    assert_int_equal(person_set(&anna, "anna", PERSON_UID), 0);
    assert_int_equal(unit_name_parse("n@anna.service", &hers), 0);
    assert_int_equal(unit_name_parse("n@bob.service", &his), 0);
    assert_true(policy_shows_logs(policy, &anna, &hers));
    assert_false(policy_shows_logs(policy, &anna, &his));
}

static void test_mistakes(_unused_ void **state)
{
    static const char *const LINES[] = { "Logs=",       "Logs=maybe",    "Logs=yes yes", "Logs=yes\nLogs=yes",
                                         "Confirm=1 2", "Confirm=never", "logs=yes" };

    for (size_t i = 0; i < N(LINES); i++) {
        _cleanup_(policy_error_done) struct policy_error error = { 0 };
        _cleanup_(policy_freep) struct policy *policy = NULL;
        char text[256];

        (void)snprintf(text, sizeof(text), A "%s\n", LINES[i]);
        if (policy_load_text("policy.conf", text, strlen(text), &policy, &error) != POLICY_E_INVALID)
            fail_msg("%s", LINES[i]);
        assert_true(error.line >= 4);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_of_whom),
        cmocka_unit_test(test_own_name),
        cmocka_unit_test(test_mistakes),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
