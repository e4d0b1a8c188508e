/* One after the other: never a second one before the first is seen to be well, never one twice, and it stops
 * at what is not known. */
#include "cli/rolling/plan.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "common/cleanup.h"
#include "tests/unit/test.h"

#define PRESS "0123456789abcdef"
#define ONE "11111111111111111111111111111111"
#define TWO "22222222222222222222222222222222"

static void plan_of(int n, unsigned max_failures, struct rolling_plan *ret)
{
    char name[32];

    *ret = (struct rolling_plan){ .verb = VERB_RESTART, .max_failures = max_failures };
    for (int i = 0; i < n; i++) {
        (void)snprintf(name, sizeof(name), "a@%d.service", i);
        assert_int_equal(rolling_plan_add(ret, name), 0);
    }
}

static const struct wire_restart UP = {
    .success = true, .message = "fine", .verdict = "up", .invocation_id_after = ONE
};

static void comes_back(struct rolling_plan *plan)
{
    assert_int_equal(rolling_plan_next(plan), ROLLING_STEP_BEGIN);
    rolling_plan_begin(plan, PRESS);
    rolling_plan_answered(plan, &UP);
}

static void stays(struct rolling_plan *plan)
{
    comes_back(plan);
    assert_int_equal(rolling_plan_next(plan), ROLLING_STEP_LOOK);
    rolling_plan_stayed(plan);
}

static void fails(struct rolling_plan *plan)
{
    static const struct wire_restart DOWN = { .message = "it failed", .verdict = "down" };

    assert_int_equal(rolling_plan_next(plan), ROLLING_STEP_BEGIN);
    rolling_plan_begin(plan, PRESS);
    rolling_plan_answered(plan, &DOWN);
}

static void ends(struct rolling_plan *plan, enum rolling_end end, size_t at)
{
    assert_int_equal(rolling_plan_next(plan), ROLLING_STEP_NONE);
    assert_int_equal(plan->end, end);
    assert_int_equal(plan->at, at);
}

/* In their order, and one that is named twice once. */
static void test_all(_unused_ void **state)
{
    _cleanup_(rolling_plan_done) struct rolling_plan plan;

    plan_of(3, 0, &plan);
    assert_int_equal(rolling_plan_add(&plan, "a@1.service"), 0);
    assert_int_equal(plan.n, 3);
    for (size_t i = 0; i < 3; i++) {
        stays(&plan);
        assert_int_equal(plan.at, i);
    }
    ends(&plan, ROLLING_ALL_DONE, 3);
    assert_int_equal(rolling_plan_count(&plan, ROLLING_DONE), 3);
}

static void test_too_many(_unused_ void **state)
{
    _cleanup_(rolling_plan_done) struct rolling_plan plan;

    plan_of(ROLLING_UNITS_MAX, 0, &plan);
    assert_int_equal(rolling_plan_add(&plan, "b.service"), -E2BIG);
    assert_int_equal(rolling_plan_add(&plan, "a@1.service"), 0);
}

/* However many are allowed: it stops at the one that is one too many, and begins none behind it. */
static void test_failures(_unused_ void **state)
{
    for (unsigned allowed = 0; allowed < 4; allowed++) {
        _cleanup_(rolling_plan_done) struct rolling_plan plan;

        plan_of(6, allowed, &plan);
        stays(&plan);
        for (unsigned i = 0; i < allowed; i++)
            fails(&plan);
        fails(&plan);
        ends(&plan, ROLLING_STOP_FAILED, 1 + allowed);
        assert_int_equal(rolling_plan_count(&plan, ROLLING_FAILED), 1 + allowed);
        assert_int_equal(rolling_plan_count(&plan, ROLLING_WAITING), 6 - 2 - allowed);
    }
}

static void test_allowed_failure_goes_on(_unused_ void **state)
{
    _cleanup_(rolling_plan_done) struct rolling_plan plan;

    plan_of(3, 1, &plan);
    fails(&plan);
    stays(&plan);
    stays(&plan);
    ends(&plan, ROLLING_ALL_DONE, 3);
    assert_int_equal(plan.failures, 1);
}

static void test_falls_in_its_pause(_unused_ void **state)
{
    _cleanup_(rolling_plan_done) struct rolling_plan plan;

    plan_of(2, 0, &plan);
    comes_back(&plan);
    assert_int_equal(rolling_plan_next(&plan), ROLLING_STEP_LOOK);
    rolling_plan_fell(&plan, "has failed");
    assert_string_equal(plan.units[0].message, "a@0.service came back, and did not stay: it has failed.");
    ends(&plan, ROLLING_STOP_FAILED, 0);
}

/* A refusal counts as one that did not come back: nothing was done, and it is not as it was meant to be. */
static void test_refused(_unused_ void **state)
{
    _cleanup_(rolling_plan_done) struct rolling_plan plan;

    plan_of(3, 1, &plan);
    for (int i = 0; i < 2; i++) {
        assert_int_equal(rolling_plan_next(&plan), ROLLING_STEP_BEGIN);
        rolling_plan_begin(&plan, PRESS);
        rolling_plan_refused(&plan, "no");
    }
    ends(&plan, ROLLING_STOP_REFUSED, 1);
    assert_string_equal(plan.units[1].message, "no");
}

/* However many failures are allowed: nobody there, and an outcome that was not learned, are none of them. */
static void test_not_reached_and_unknown(_unused_ void **state)
{
    _cleanup_(rolling_plan_done) struct rolling_plan gone, unknown;

    plan_of(2, 9, &gone);
    assert_int_equal(rolling_plan_next(&gone), ROLLING_STEP_BEGIN);
    rolling_plan_begin(&gone, PRESS);
    rolling_plan_not_reached(&gone, "nobody is there");
    ends(&gone, ROLLING_STOP_NOT_REACHED, 0);
    assert_int_equal(gone.units[0].phase, ROLLING_WAITING);
    plan_of(2, 9, &unknown);
    assert_int_equal(rolling_plan_next(&unknown), ROLLING_STEP_BEGIN);
    rolling_plan_begin(&unknown, PRESS);
    rolling_plan_unknown(&unknown, "who knows");
    ends(&unknown, ROLLING_STOP_UNKNOWN, 0);
    assert_int_equal(unknown.units[0].phase, ROLLING_UNDER_WAY);
    assert_string_equal(unknown.units[0].press, PRESS);
}

/* What is under way is waited for, and nothing is begun behind it; what is in its pause as well. */
static void test_asked_to_stop(_unused_ void **state)
{
    _cleanup_(rolling_plan_done) struct rolling_plan plan, last;

    plan_of(3, 0, &plan);
    assert_int_equal(rolling_plan_next(&plan), ROLLING_STEP_BEGIN);
    rolling_plan_begin(&plan, PRESS);
    rolling_plan_stop(&plan);
    rolling_plan_answered(&plan, &UP);
    assert_int_equal(rolling_plan_next(&plan), ROLLING_STEP_LOOK);
    rolling_plan_stayed(&plan);
    ends(&plan, ROLLING_STOP_ASKED, 0);
    plan_of(1, 0, &last);
    comes_back(&last);
    rolling_plan_stop(&last);
    assert_int_equal(rolling_plan_next(&last), ROLLING_STEP_LOOK);
    rolling_plan_stayed(&last);
    ends(&last, ROLLING_ALL_DONE, 1);
}

/* Only what was asked for by a press that is known, and only by that press. */
static void test_not_over_yet(_unused_ void **state)
{
    static const char *const WORDS[] = { "watching", "under-way" };
    _cleanup_(rolling_plan_done) struct rolling_plan plan;

    plan_of(1, 0, &plan);
    assert_int_equal(rolling_plan_next(&plan), ROLLING_STEP_BEGIN);
    rolling_plan_begin(&plan, PRESS);
    for (size_t i = 0; i < 2; i++) {
        rolling_plan_answered(&plan,
                              &(struct wire_restart){ .success = true, .message = "", .verdict = WORDS[i] });
        assert_int_equal(rolling_plan_next(&plan), ROLLING_STEP_ASK);
        assert_string_equal(plan.units[0].press, PRESS);
    }
    rolling_plan_answered(&plan, &UP);
    assert_int_equal(rolling_plan_next(&plan), ROLLING_STEP_LOOK);
}

static void test_nothing_to_do(_unused_ void **state)
{
    static const struct wire_restart ANSWER = { .success = true, .message = "", .verdict = "not-running" };
    _cleanup_(rolling_plan_done) struct rolling_plan plan;

    plan_of(1, 0, &plan);
    assert_int_equal(rolling_plan_next(&plan), ROLLING_STEP_BEGIN);
    rolling_plan_begin(&plan, PRESS);
    rolling_plan_answered(&plan, &ANSWER);
    ends(&plan, ROLLING_ALL_DONE, 1);
}

/* What came back is not done again; what did not is. What is under way is only asked about. */
static void test_resume(_unused_ void **state)
{
    static const enum rolling_phase PHASES[] = { ROLLING_DONE,   ROLLING_FAILED,    ROLLING_REFUSED,
                                                 ROLLING_LEFT,   ROLLING_UNDER_WAY, ROLLING_PAUSING,
                                                 ROLLING_WAITING };
    static const enum rolling_step STEPS[] = { ROLLING_STEP_NONE, ROLLING_STEP_BEGIN, ROLLING_STEP_BEGIN,
                                               ROLLING_STEP_NONE, ROLLING_STEP_ASK,   ROLLING_STEP_LOOK,
                                               ROLLING_STEP_BEGIN };

    for (size_t i = 0; i < sizeof(PHASES) / sizeof(*PHASES); i++) {
        _cleanup_(rolling_plan_done) struct rolling_plan plan;

        plan_of(1, 0, &plan);
        plan.units[0].phase = PHASES[i];
        rolling_plan_resume(&plan);
        assert_int_equal(rolling_plan_next(&plan), STEPS[i]);
        if (STEPS[i] == ROLLING_STEP_LOOK)
            rolling_plan_stayed(&plan);
        if (STEPS[i] == ROLLING_STEP_LOOK)
            assert_string_equal(plan.units[0].message, "a@0.service came back, and stayed.");
    }
}

/* Nobody can tell, and who asks decides. */
static void test_again_or_left(_unused_ void **state)
{
    _cleanup_(rolling_plan_done) struct rolling_plan plan;

    plan_of(2, 0, &plan);
    for (int i = 0; i < 2; i++) {
        assert_int_equal(rolling_plan_next(&plan), ROLLING_STEP_BEGIN);
        rolling_plan_begin(&plan, PRESS);
        rolling_plan_unknown(&plan, "who knows");
        rolling_plan_again(&plan);
    }
    assert_int_equal(rolling_plan_next(&plan), ROLLING_STEP_BEGIN);
    rolling_plan_begin(&plan, PRESS);
    rolling_plan_unknown(&plan, "who knows");
    rolling_plan_leave(&plan);
    stays(&plan);
    ends(&plan, ROLLING_ALL_DONE, 2);
    assert_int_equal(rolling_plan_count(&plan, ROLLING_LEFT), 1);
}

static void test_look(_unused_ void **state)
{
    static const struct {
        const char *invocation, *state, *seen, *why;
    } ROWS[] = {
        { ONE, "active", ONE, NULL },
        { ONE, "reloading", ONE, NULL },
        { ONE, "active", TWO, "has ended, and was started again" },
        { ONE, "active", "", "has ended, and was started again" },
        { ONE, "activating", TWO, "is being started again" },
        { ONE, "deactivating", ONE, "is being stopped" },
        { ONE, "inactive", "", "has ended" },
        { ONE, "failed", ONE, "has failed" },
        { ONE, "maintenance", ONE, "has ended" },
        { ONE, "", "", "has ended" },
        /* A oneshot that ran to its good end. */
        { "", "inactive", "", NULL },
        { "", "activating", TWO, NULL },
        { "", "failed", ONE, "has failed" },
    };

    for (size_t i = 0; i < sizeof(ROWS) / sizeof(*ROWS); i++) {
        struct rolling_unit unit = { .phase = ROLLING_PAUSING };
        const struct wire_status status = { .active_state = ROWS[i].state, .invocation_id = ROWS[i].seen };
        const char *why;

        (void)snprintf(unit.invocation, sizeof(unit.invocation), "%s", ROWS[i].invocation);
        why = rolling_look(&unit, &status);
        if (ROWS[i].why)
            assert_string_equal(why, ROWS[i].why);
        else
            assert_null(why);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_all),
        cmocka_unit_test(test_too_many),
        cmocka_unit_test(test_failures),
        cmocka_unit_test(test_allowed_failure_goes_on),
        cmocka_unit_test(test_falls_in_its_pause),
        cmocka_unit_test(test_refused),
        cmocka_unit_test(test_not_reached_and_unknown),
        cmocka_unit_test(test_asked_to_stop),
        cmocka_unit_test(test_not_over_yet),
        cmocka_unit_test(test_nothing_to_do),
        cmocka_unit_test(test_resume),
        cmocka_unit_test(test_again_or_left),
        cmocka_unit_test(test_look),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
