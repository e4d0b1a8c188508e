/* Who goes on with what another run has begun first learns what became of the unit that it was at, wherever
 * it stands: until then nothing else is begun, not even what had failed before it. */
#include "cli/rolling/record.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/cleanup.h"
#include "tests/unit/test.h"

#define PRESS "0123456789abcdef"
#define INVOCATION "0123456789abcdef0123456789abcdef"
#define HEAD "restarter-rolling 1\nverb restart\nplace \nword a@*\n"

static void take_up(const char *units, struct rolling_record *ret)
{
    _cleanup_(freep) char *text = NULL;

    assert_true(asprintf(&text, HEAD "%send\n", units) > 0);
    assert_int_equal(rolling_record_read(text, strlen(text), ret), 0);
    rolling_plan_resume(&ret->plan);
}

static void is_next(struct rolling_plan *plan, enum rolling_step step, const char *unit)
{
    assert_int_equal(rolling_plan_next(plan), step);
    assert_string_equal(plan->units[plan->at].unit, unit);
}

/* As it would be found by whoever comes after a run that is killed here. */
static void can_be_read_again(const struct rolling_plan *plan)
{
    _cleanup_(rolling_record_done) struct rolling_record record = { .place = NULL };
    _cleanup_(freep) char *text = rolling_record_write(plan, "");

    assert_int_equal(rolling_record_read(text, strlen(text), &record), 0);
}

static void begin_and_end(struct rolling_plan *plan, const char *unit)
{
    struct wire_restart done = { .success = true, .message = (char[]){ "" }, .verdict = (char[]){ "" } };

    is_next(plan, ROLLING_STEP_BEGIN, unit);
    rolling_plan_begin(plan, PRESS);
    can_be_read_again(plan);
    rolling_plan_answered(plan, &done);
    is_next(plan, ROLLING_STEP_LOOK, unit);
    rolling_plan_stayed(plan);
}

#define BEFORE "unit done - a@1.service\nunit failed - a@2.service\nunit refused - a@3.service\n"

static void test_under_way_comes_first(_unused_ void **state)
{
    _cleanup_(rolling_record_done) struct rolling_record record = { .place = NULL };
    struct wire_restart done = { .success = true, .message = (char[]){ "" }, .verdict = (char[]){ "" } };

    take_up(BEFORE "unit under-way " PRESS " a@4.service\nunit waiting - a@5.service\n", &record);
    is_next(&record.plan, ROLLING_STEP_ASK, "a@4.service");
    rolling_plan_answered(&record.plan, &done);
    is_next(&record.plan, ROLLING_STEP_LOOK, "a@4.service");
    rolling_plan_stayed(&record.plan);
    begin_and_end(&record.plan, "a@2.service");
    begin_and_end(&record.plan, "a@3.service");
    begin_and_end(&record.plan, "a@5.service");
    assert_int_equal(rolling_plan_next(&record.plan), ROLLING_STEP_NONE);
    assert_int_equal(record.plan.end, ROLLING_ALL_DONE);
}

static void test_pausing_comes_first(_unused_ void **state)
{
    _cleanup_(rolling_record_done) struct rolling_record record = { .place = NULL };

    take_up(BEFORE "unit pausing " INVOCATION " a@4.service\n", &record);
    is_next(&record.plan, ROLLING_STEP_LOOK, "a@4.service");
    rolling_plan_fell(&record.plan, "has failed");
    assert_int_equal(rolling_plan_next(&record.plan), ROLLING_STEP_NONE);
    assert_int_equal(record.plan.end, ROLLING_STOP_FAILED);
}

/* Nobody can tell: it is done once more in its turn, or left. */
static void test_lost(_unused_ void **state)
{
    static const char UNITS[] = BEFORE "unit under-way " PRESS " a@4.service\n";

    for (int is_left = 0; is_left < 2; is_left++) {
        _cleanup_(rolling_record_done) struct rolling_record record = { .place = NULL };

        take_up(UNITS, &record);
        is_next(&record.plan, ROLLING_STEP_ASK, "a@4.service");
        rolling_plan_unknown(&record.plan, "It is not known.");
        assert_int_equal(rolling_plan_next(&record.plan), ROLLING_STEP_NONE);
        is_left ? rolling_plan_leave(&record.plan) : rolling_plan_again(&record.plan);
        begin_and_end(&record.plan, "a@2.service");
        begin_and_end(&record.plan, "a@3.service");
        if (!is_left)
            begin_and_end(&record.plan, "a@4.service");
        assert_int_equal(rolling_plan_next(&record.plan), ROLLING_STEP_NONE);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_under_way_comes_first),
        cmocka_unit_test(test_pausing_comes_first),
        cmocka_unit_test(test_lost),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
