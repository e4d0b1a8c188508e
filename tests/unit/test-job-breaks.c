/* What becomes of those who wait when something breaks: their time is over, the bus or PID 1 is gone, the
 * broker ends. */
#include <string.h>

#include "tests/unit/job-world.h"
#include "tests/unit/test.h"

static void test_deadline(void **state)
{
    struct world *w = *state;
    struct caller *first = click(w, 0, UNIT), *second;

    settle(w);
    wait_for_deadline(w, first);
    assert_refused(first, REFUSAL_UNKNOWN);
    assert_int_equal(jobs_running(w->jobs), 1);
    second = click(w, 1, UNIT);
    settle(w);
    assert_int_equal(second->answers, 0);
    fake_job_ends(&w->fake, "done");
    settle(w);
    assert_restarted(second);
    assert_int_equal(w->fake.n_restarts, 1);
    assert_int_equal(jobs_running(w->jobs), 0);
}

/* Nothing was asked of systemd yet, and nothing will be. */
static void test_deadline_before_the_call(void **state)
{
    struct world *w = *state;
    struct caller *c;

    w->fake.hold_gets = true;
    c = click(w, 0, UNIT);
    settle(w);
    wait_for_deadline(w, c);
    assert_refused(c, REFUSAL_BUSY);
    assert_non_null(strstr(c->outcome.sentence, "Nothing was restarted"));
    assert_int_equal(jobs_running(w->jobs), 0);
    fake_answer_held(&w->fake);
    settle(w);
    assert_int_equal(w->fake.n_restarts, 0);
}

static void bus_goes(struct world *w)
{
    fake_unlisten(&w->fake);
    fake_hang_up(&w->fake);
}

/* And the broker, which had subscribed once, is back on it. */
static void bus_returns(struct world *w)
{
    fake_listen(&w->fake);
    fake_accept_on(&w->fake, w->fake.event);
    while (w->fake.n_subscribes < 2)
        fake_settle(&w->fake, 100);
}

static void test_bus_lost(void **state)
{
    struct world *w = *state;
    struct caller *c = click(w, 0, UNIT);

    settle(w);
    bus_goes(w);
    settle(w);
    assert_refused(c, REFUSAL_UNKNOWN);
    assert_refused(click(w, 1, UNIT), REFUSAL_UNAVAILABLE);
    bus_returns(w);
    assert_int_equal(w->fake.n_connections, 2);
    c = click(w, 2, UNIT);
    settle(w);
    assert_int_equal(w->fake.n_restarts, 2);
    fake_job_ends(&w->fake, "done");
    settle(w);
    assert_restarted(c);
}

static void test_bus_lost_during_call(void **state)
{
    struct world *w = *state;
    struct caller *calling, *looking;

    w->fake.restart = FAKE_HOLDS;
    calling = click(w, 0, UNIT);
    settle(w);
    w->fake.hold_gets = true;
    looking = click(w, 1, "a@2.service");
    settle(w);
    fake_hang_up(&w->fake);
    settle(w);
    assert_refused(calling, REFUSAL_UNKNOWN);
    assert_refused(looking, REFUSAL_UNAVAILABLE);
    assert_int_equal(jobs_running(w->jobs), 0);
}

static void test_no_bus(void **state)
{
    struct world *w = *state;

    settle(w);
    bus_goes(w);
    fake_settle(&w->fake, 400);
    assert_refused(click(w, 0, UNIT), REFUSAL_UNAVAILABLE);
    bus_returns(w);
    click(w, 1, UNIT);
    settle(w);
    assert_int_equal(w->fake.n_restarts, 1);
}

/* Without its matches the broker would wait in vain: it starts anew, and is there when they are taken. */
static void test_matches_refused(void **state)
{
    struct world *w = *state;
    struct caller *c;

    w->fake.refuse_matches = true;
    w->fake.restart = FAKE_HOLDS;
    c = click(w, 0, UNIT);
    while (w->fake.n_connections < 3)
        fake_settle(&w->fake, 50);
    assert_int_equal(c->answers, 1);
    w->fake.refuse_matches = false;
    w->fake.restart = FAKE_RESTARTS;
    w->fake.n_restarts = 0;
    fake_settle(&w->fake, 900);
    c = click(w, 1, UNIT);
    settle(w);
    fake_job_ends(&w->fake, "done");
    settle(w);
    assert_restarted(c);
}

static void test_reload_during_job(void **state)
{
    struct world *w = *state;
    struct caller *c = click(w, 0, UNIT);

    settle(w);
    fake_reloading(&w->fake, true);
    fake_reloading(&w->fake, false);
    settle(w);
    assert_int_equal(c->answers, 0);
    assert_int_equal(w->fake.n_subscribes, 2);
    /* What was known before the reload is not believed after it. */
    w->fake.invocation = 9;
    fake_job_ends(&w->fake, "done");
    settle(w);
    assert_restarted(c);
    assert_string_equal(c->outcome.after.invocation_id, "09ff");
}

/* PID 1 was executed anew, and the job's end was not told. */
static void test_job_vanishes(void **state)
{
    struct world *w = *state;
    struct caller *c = click(w, 0, UNIT);

    settle(w);
    fake_owner_changed(&w->fake, FAKE_PID1, "");
    settle(w);
    assert_int_equal(c->answers, 0);
    assert_refused(click(w, 1, "a@2.service"), REFUSAL_UNAVAILABLE);
    w->fake.job_is_gone = true;
    fake_owner_changed(&w->fake, "", FAKE_PID1);
    settle(w);
    assert_refused(c, REFUSAL_UNKNOWN);
    assert_int_equal(w->fake.n_subscribes, 2);
    assert_non_null(strstr(c->outcome.sentence, "probably restarted"));
}

static void test_job_survives_reexec(void **state)
{
    struct world *w = *state;
    struct caller *c = click(w, 0, UNIT);

    settle(w);
    fake_owner_changed(&w->fake, FAKE_PID1, "");
    fake_owner_changed(&w->fake, "", FAKE_PID1);
    settle(w);
    assert_int_equal(c->answers, 0);
    fake_job_ends(&w->fake, "done");
    settle(w);
    assert_restarted(c);
}

static void test_stop(void **state)
{
    struct world *w = *state;
    struct caller *running = click(w, 0, UNIT), *looking;

    settle(w);
    w->fake.hold_gets = true;
    looking = click(w, 1, "a@2.service");
    settle(w);
    jobs_stop(w->jobs);
    assert_refused(running, REFUSAL_UNKNOWN);
    assert_refused(looking, REFUSAL_UNAVAILABLE);
    assert_int_equal(jobs_running(w->jobs), 0);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_deadline, set_up_impatient, tear_down),
        cmocka_unit_test_setup_teardown(test_deadline_before_the_call, set_up_impatient, tear_down),
        TEST(test_bus_lost),
        TEST(test_bus_lost_during_call),
        TEST(test_no_bus),
        TEST(test_matches_refused),
        TEST(test_reload_during_job),
        TEST(test_job_vanishes),
        TEST(test_job_survives_reexec),
        TEST(test_stop),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
