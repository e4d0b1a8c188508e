/* A watch that is looking, confirming or waiting when something else comes: its end leaves nothing behind,
 * and nobody's end takes it along. */

#include "tests/unit/held-clock.h"
#include "tests/unit/test.h"
#include "tests/unit/watch-world.h"

/* PID 1 was reloaded, and the watch looks once more, although the unit's changes can be followed again. */
static struct caller *click_and_look(struct world *w, uint64_t usec)
{
    struct caller *c = click_watched(w, 0, usec, JOB_SETTLE_OWN);

    job_done(w);
    fake_reloading(&w->fake, false);
    settle(w);
    w->fake.hold_gets = true;
    for (int i = 0; i < 1000 && w->fake.n_held == 0; i++)
        fake_settle(&w->fake, 10);
    assert_true(w->fake.n_held > 0);
    assert_int_equal(c->answers, 0);
    return c;
}

static void answer(struct world *w)
{
    w->fake.hold_gets = false;
    fake_answer_held(&w->fake);
    settle(w);
}

/* The answers to a look find nobody who looked. */
static void test_next_restart_while_it_looks(void **state)
{
    struct world *w = *state;
    struct caller *first = click_and_look(w, 60 * USEC_PER_SEC), *second;

    second = click_watched(w, 1, 0, JOB_SETTLE_OWN);
    settle(w);
    assert_verdict(first, VERDICT_UP);
    assert_int_equal(w->fake.n_restarts, 2);
    answer(w);
    job_done(w);
    assert_verdict(second, VERDICT_UP);
    assert_int_equal(jobs_watching(w->jobs), 0);
}

/* Or the watch would go on for ever, and those who wait for its end with it. */
static void test_refused_click_while_it_looks(void **state)
{
    const struct job_request request = {
        .unit = UNIT, .verb = VERB_RESTART, .grant = "policy.conf:1", .cooldown_usec = 3600 * USEC_PER_SEC
    };
    struct world *w = *state;
    struct caller *first = click_and_look(w, USEC_PER_SEC);

    (void)ask_for(w, 1, &request, NULL);
    settle(w);
    assert_refused(&w->callers[1], REFUSAL_COOLDOWN);
    answer(w);
    wait_until_told(w, first);
    assert_verdict(first, VERDICT_UP);
    assert_int_equal(jobs_watching(w->jobs), 0);
}

/* Both look, one after the other. */
static void test_look_of_a_job_while_it_looks(void **state)
{
    struct world *w = *state;
    struct caller *first = click_watched(w, 0, 60 * USEC_PER_SEC, JOB_SETTLE_OWN), *second;

    job_done(w);
    w->fake.hold_gets = true;
    fake_reloading(&w->fake, false);
    settle(w);
    assert_true(w->fake.n_held > 0);
    second = click_watched(w, 1, 0, JOB_SETTLE_OWN);
    settle(w);
    assert_int_equal(first->answers, 1);
    assert_int_equal(w->fake.n_restarts, 1);
    answer(w);
    assert_int_equal(w->fake.n_restarts, 2);
    job_done(w);
    assert_verdict(second, VERDICT_UP);
}

/* However late one comes to read it: what PID 1 told before the end of the watch counts. */
static void test_starved(void **state)
{
    struct world *w = *state;
    struct caller *c = click_watched(w, 0, LONG, JOB_SETTLE_OWN);

    job_done(w);
    w->fake.active_state = "failed";
    w->fake.sub_state = "failed";
    w->fake.result = "exit-code";
    fake_changed_by(&w->fake, FAKE_PID1, UNIT, "Result");
    fake_changed_by(&w->fake, FAKE_PID1, UNIT, "SubState");
    fake_changed_by(&w->fake, FAKE_PID1, UNIT, "ActiveState");
    clock_advance(UINT64_C(2) * LONG);
    wait_until_told(w, c);
    assert_verdict(c, VERDICT_FAILED);
}

/* PID 1 was reloaded before the watch began, and tells of the unit's next change as of a new unit. */
static void test_change_is_not_told(void **state)
{
    struct world *w = *state;
    struct caller *c = click_watched(w, 0, LONG, JOB_SETTLE_OWN);

    settle(w);
    fake_reloading(&w->fake, true);
    fake_reloading(&w->fake, false);
    job_done(w);
    w->fake.active_state = "failed";
    w->fake.sub_state = "failed";
    w->fake.result = "exit-code";
    wait_until_told(w, c);
    assert_verdict(c, VERDICT_FAILED);
}

/* It looks as if it had failed, and nobody said yet whether it stays so. */
static void test_due_while_it_confirms(void **state)
{
    struct world *w = *state;
    struct caller *c = click_watched(w, 0, LONG, JOB_SETTLE_OWN);

    job_done(w);
    w->fake.hold_gets = true;
    change(w, "failed", "failed", "exit-code");
    fake_settle(&w->fake, 3 * LONG / 1000);
    assert_int_equal(c->answers, 0);
    w->fake.sub_state = "auto-restart";
    w->fake.active_state = "activating";
    answer(w); /* and its changes are told later */
    wait_until_told(w, c);
    assert_verdict(c, VERDICT_RESTARTING);
}

/* The connection is gone before that is known. */
static void test_bus_lost_while_it_confirms(void **state)
{
    struct world *w = *state;
    struct caller *c = click_watched(w, 0, 60 * USEC_PER_SEC, JOB_SETTLE_OWN);

    job_done(w);
    w->fake.hold_gets = true;
    change(w, "failed", "failed", "exit-code");
    assert_int_equal(c->answers, 0);
    fake_hang_up(&w->fake);
    settle(w);
    assert_refused(c, REFUSAL_UNKNOWN);
    assert_int_equal(jobs_watching(w->jobs), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_next_restart_while_it_looks, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_refused_click_while_it_looks, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_look_of_a_job_while_it_looks, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_starved, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_change_is_not_told, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_due_while_it_confirms, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_bus_lost_while_it_confirms, set_up, tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
