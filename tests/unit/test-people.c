/* Who may do what: each person against each grant, and what polkit makes of it. */
#include <string.h>

#include "common/cleanup.h"
#include "policy/resolve.h"
#include "polkit/rules/rule.h"
#include "tests/unit/people.h"
#include "tests/unit/policy-text.h"
#include "tests/unit/rule-engine.h"
#include "tests/unit/test.h"

#define N(array) (sizeof(array) / sizeof(*(array)))

#define X16 "xxxxxxxxxxxxxxxx"
#define X64 X16 X16 X16 X16

static const char *const PEOPLE[] = { "",    "root",       "anna",       "anna:ops", "bob:ops:web",
                                      "bob", "anna-maria", "anna@x.org", "a" };

/* A column for each of PEOPLE: '+' may, '-' may not. */
static void test_each_person_each_grant(_unused_ void **state)
{
    static const struct {
        const char *policy, *unit, *may;
    } CASES[] = {
        { "", "n.service", "---------" },
        { UNIT("n.service", ""), "n.service", "+++++++++" },
        { UNIT("n.service", "Users=*\n"), "n.service", "-++++++++" },
        { UNIT("n.service", "Groups=*\n"), "n.service", "-++++++++" },
        { UNIT("n.service", "Users=anna\n"), "n.service", "-+++-----" },
        { UNIT("n.service", "Users=bob anna\n"), "n.service", "-+++++---" },
        { UNIT("n.service", "Users=Anna\n"), "n.service", "-+-------" },
        { UNIT("n.service", "Users=nobody\n"), "n.service", "-+-------" },
        { UNIT("n.service", "Groups=ops\n"), "n.service", "-+-++----" },
        { UNIT("n.service", "Groups=web ops\n"), "n.service", "-+-++----" },
        { UNIT("n.service", "Groups=web\nUsers=anna\n"), "n.service", "-++++----" },
        { UNIT("n.service", "Groups=anna\n"), "n.service", "-+-------" },   /* no group of that name */
        { UNIT("n.service", "Users=ops web\n"), "n.service", "-+-------" }, /* nor a user */
        { UNIT("n.service", "Users=anna\n") UNIT("n.service", "Users=bob\n"), "n.service", "-+++++---" },
        { UNIT("n.service", "Users=anna\n") UNIT("n.service", ""), "n.service", "+++++++++" },
        { UNIT("n.service", "Users=anna@x.org anna-maria\n"), "n.service", "-+----++-" },
        { UNIT("n.service", "Users=anna\n"), "m.service", "---------" },
        /* The person's own instance. */
        { TEMPLATE("%u", ""), "a@anna.service", "-+++-----" },
        { TEMPLATE("%u", ""), "a@bob.service", "-+--++---" },
        { TEMPLATE("%u", ""), "a@a.service", "-+------+" },
        { TEMPLATE("%u", ""), "a@aa.service", "-+-------" },
        { TEMPLATE("%u", ""), "a@anna-maria.service", "---------" }, /* would have to be escaped */
        { TEMPLATE("%u", ""), "a@anna.x.org.service", "-+-------" },
        { TEMPLATE("%u", "Users=*\n"), "a@anna.service", "-+++-----" },
        { TEMPLATE("%u", "Users=bob\n"), "a@anna.service", "-+-------" },
        { TEMPLATE("%u", "Users=bob\n"), "a@bob.service", "-+--++---" },
        { TEMPLATE("%u-(blue|green)", ""), "a@anna-blue.service", "-+++-----" },
        { TEMPLATE("%u-(blue|green)", ""), "a@anna-red.service", "---------" },
        { TEMPLATE("(blue|green)-%u", ""), "a@green-anna.service", "-+++-----" },
        { TEMPLATE("x*%u", ""), "a@xxanna.service", "-+++-----" },
        { TEMPLATE(".%u.", ""), "a@aaa.service", "-+------+" },
        { TEMPLATE("a%u", ""), "a@aanna.service", "-+++-----" },
        { TEMPLATE("%ua", ""), "a@annaa.service", "-+++-----" },
        { TEMPLATE("%u.*", ""), "a@anna.service", "-+++----+" }, /* without a separator */
        { TEMPLATE("%u %u[a-z]{3}", ""), "a@anna.service", "-+++----+" },
        { TEMPLATE("%u %u-.*", ""), "a@anna.service", "-+++-----" }, /* and with one */
        { TEMPLATE("%u %u-.*", ""), "a@anna-a.service", "-+++-----" },
        { TEMPLATE("%u %u-.*", ""), "a@a-anna.service", "-+------+" },
        { TEMPLATE("[a-z]+-%u", ""), "a@a-anna.service", "-+++-----" },
        { TEMPLATE("%u shared", ""), "a@shared.service", "+++++++++" },
        { TEMPLATE("%u shared", ""), "a@bob.service", "-+--++---" },
        { TEMPLATE("[0-9]{4}", ""), "a@1234.service", "+++++++++" },
    };

    for (size_t i = 0; i < N(CASES); i++) {
        _cleanup_(policy_freep) struct policy *policy = policy_from(CASES[i].policy);

        for (size_t j = 0; j < N(PEOPLE); j++) {
            _cleanup_(person_done) struct person person = person_from(PEOPLE[j]);
            int r = ask_as(policy, &person, CASES[i].unit, VERB_RESTART);

            if ((r == 0) != (CASES[i].may[j] == '+'))
                fail_msg("'%s' and %s: %d, by\n%s", PEOPLE[j], CASES[i].unit, r, CASES[i].policy);
            assert_true(ask_as(policy, &person, CASES[i].unit, VERB_RELOAD) != 0);
        }
    }
}

/* A name without anybody who vouches for it, and groups without a name, are nobody. */
static void test_half_known(_unused_ void **state)
{
    _cleanup_(policy_freep) struct policy *policy =
        policy_from(UNIT("n.service", "Users=*\n") UNIT("m.service", "Groups=ops\n") TEMPLATE("%u", ""));
    struct person named = { .name = "anna" }, vouched = { .known = PERSON_UID };

    for (struct person *person = &named; person; person = person == &named ? &vouched : NULL) {
        assert_int_equal(person_add_group(person, "ops"), 0);
        assert_int_equal(ask_as(policy, person, "n.service", VERB_RESTART), POLICY_E_NO_PERSON);
        assert_int_equal(ask_as(policy, person, "m.service", VERB_RESTART), POLICY_E_NO_PERSON);
        assert_int_equal(ask_as(policy, person, "a@anna.service", VERB_RESTART), POLICY_E_NO_PERSON);
        person_done(person);
    }
}

static void test_nearest_miss(_unused_ void **state)
{
    _cleanup_(policy_freep) struct policy *policy =
        policy_from(TEMPLATE("[0-9]+", "") TEMPLATE("%u", "Users=anna\n") UNIT("n.service", "Users=anna\n"));
    static const struct {
        const char *unit;
        unsigned verb;
        int outcome;
    } CASES[] = {
        { "a@1.service", VERB_RESTART, 0 },
        { "a@1.service", VERB_RELOAD, POLICY_E_NO_VERB },
        { "a@anna.service", VERB_RESTART, POLICY_E_NO_PERSON },
        { "a@anna.service", VERB_RELOAD, POLICY_E_NO_VERB },
        { "a@-.service", VERB_RESTART, POLICY_E_NO_INSTANCE },
        { "n.service", VERB_RESTART, POLICY_E_NO_PERSON },
        { "m.service", VERB_RESTART, POLICY_E_NO_UNIT },
    };

    for (size_t i = 0; i < N(CASES); i++)
        assert_int_equal(ask_as(policy, &(struct person){ 0 }, CASES[i].unit, CASES[i].verb),
                         CASES[i].outcome);
}

/* An id alone means a template that is for him: what is for others does not even take part. */
static void test_default(_unused_ void **state)
{
    _cleanup_(policy_freep) struct policy *policy =
        policy_from("[Grant]\nUnit=a@.service\nInstances=x\nVerbs=restart\nUsers=anna\nDefault=yes\n"
                    "[Grant]\nUnit=b@.service\nInstances=x\nVerbs=restart\nUsers=bob\n");
    static const struct {
        const char *person, *unit;
        int outcome;
    } CASES[] = {
        { "anna", "a@x.service", 0 },     { "bob", "b@x.service", 0 },         { "root", "a@x.service", 0 },
        { "", "", RESOLVE_E_NO_DEFAULT }, { "eve", "", RESOLVE_E_NO_DEFAULT },
    };

    for (size_t i = 0; i < N(CASES); i++) {
        struct person person = person_from(CASES[i].person);
        struct resolution resolution;

        assert_int_equal(policy_resolve(policy, &person, "x", VERB_RESTART, &resolution), CASES[i].outcome);
        assert_string_equal(resolution.name.unit, CASES[i].unit);
    }
}

static void test_admins(_unused_ void **state)
{
    _cleanup_(policy_freep) struct policy *policy =
        policy_from("[Policy]\nAdmins=anna\nAdminGroups=ops wheel\n" UNIT(
            "n.service", "Users=eve\n") "[Policy]\nAdmins=carl anna\n");
    static const struct {
        const char *person;
        bool admin;
    } CASES[] = { { "", false },    { "root", true },    { "anna", true },
                  { "bob", false }, { "bob:ops", true }, { "bob:web", false },
                  { "carl", true }, { "ops", false },    { "eve", false } };

    for (size_t i = 0; i < N(CASES); i++) {
        _cleanup_(person_done) struct person person = person_from(CASES[i].person);
        struct resolution resolution;
        bool sees = CASES[i].admin || strcmp(CASES[i].person, "eve") == 0;

        assert_int_equal(policy_is_admin(policy, &person), CASES[i].admin);
        assert_int_equal(policy_is_admin(NULL, &person), person.is_root);
        /* They see it, and may not do it. */
        assert_int_equal(policy_resolve(policy, &person, "n.service", 0, &resolution) == 0, sees);
        assert_int_equal(policy_resolve(policy, &person, "n.service", VERB_RESTART, &resolution) == 0,
                         person.is_root || strcmp(CASES[i].person, "eve") == 0);
    }
}

/* polkit knows no people: the rule is what anybody may, and can be read back also where several may the same.
 */
static void test_rule(_unused_ void **state)
{
    static const char TEXT[] = TEMPLATE("%u x-%u", "Users=anna\n") TEMPLATE("%u", "Groups=ops\n")
        UNIT("n.service", "Users=anna\n") UNIT("n.service", "Users=bob\n");
    _cleanup_(policy_freep) struct policy *policy = policy_from(TEXT), *again = NULL;
    _cleanup_(freep) char *rule = rule_text(policy);
    static const struct {
        const char *unit;
        bool yes;
    } CASES[] = { { "a@anna.service", true },    { "a@bob.service", true },      { "a@x-eve.service", true },
                  { "a@-.service", false },      { "a@a:b.service", false },     { "a@.service", false },
                  { "n.service", true },         { "a@x-a-b.service", false },   { "a@_.service", true },
                  { "a@" X64 ".service", true }, { "a@" X64 "x.service", false } };
    duk_context *engine = engine_new(rule);

    assert_null(strstr(rule, "anna"));
    assert_null(strstr(rule, "%"));
    for (size_t i = 0; i < N(CASES); i++)
        if (engine_says_yes(engine, CASES[i].unit, "restart") != CASES[i].yes)
            fail_msg("%s", CASES[i].unit);
    duk_destroy_heap(engine);
    assert_int_equal(rule_read(rule, &again), 0);
    assert_int_equal(again->n_grants, 4);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_each_person_each_grant),
        cmocka_unit_test(test_half_known),
        cmocka_unit_test(test_nearest_miss),
        cmocka_unit_test(test_default),
        cmocka_unit_test(test_admins),
        cmocka_unit_test(test_rule),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
