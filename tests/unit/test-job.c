/* Jobs against a PID 1 that does as the test says: the order of things, what is asked and what is not, and
 * what becomes of those who wait when something breaks. */
#include <stdio.h>
#include <string.h>

#include "tests/unit/job-world.h"
#include "tests/unit/test.h"

/* --- the plain way --- */

static void test_click(void **state)
{
    struct world *w = *state;
    struct caller *c = click(w, 0, UNIT);

    settle(w);
    assert_int_equal(w->fake.n_restarts, 1);
    assert_int_equal(c->answers, 0);
    w->fake.invocation = 2;
    fake_changed_by(&w->fake, FAKE_PID1, UNIT, "InvocationID");
    fake_job_ends(&w->fake, "done");
    settle(w);
    assert_restarted(c);
    assert_string_equal(c->outcome.result, "done");
    assert_string_equal(c->outcome.invocation_before, "01ff");
    assert_string_equal(c->outcome.after.invocation_id, "02ff");
    assert_string_equal(c->outcome.after.active_state, "active");
    assert_int_equal(c->outcome.after.main_pid, 4711);
    assert_int_equal(c->outcome.callers, 1);
    assert_int_equal(jobs_running(w->jobs), 0);
}

/* Once it is known, a unit costs no question that anybody waits for, neither before nor after: only, beside
 * the call, whether its file changed, which is not told as a change. */
static void test_known_unit_is_not_asked(void **state)
{
    struct world *w = *state;
    unsigned n_gets;

    for (unsigned i = 0; i < 5; i++) {
        struct caller *c = click(w, (unsigned)i, UNIT);

        settle(w);
        if (i == 0)
            n_gets = w->fake.n_gets;
        fake_job_ends(&w->fake, "done");
        settle(w);
        assert_restarted(c);
    }
    assert_int_equal(n_gets, UNIT_PROPERTIES);
    assert_int_equal(w->fake.n_gets, n_gets + 4);
    assert_int_equal(w->fake.n_restarts, 5);
}

static void test_unknown_result_is_no_success(void **state)
{
    struct world *w = *state;
    struct caller *c = click(w, 0, UNIT);

    settle(w);
    fake_job_ends(&w->fake, "frobnicated");
    settle(w);
    assert_int_equal(c->outcome.refusal, 0);
    assert_false(c->outcome.success);
    assert_non_null(strstr(c->outcome.sentence, "frobnicated"));
}

static void test_end_overtakes_reply(void **state)
{
    struct world *w = *state;
    struct caller *c;

    w->fake.restart = FAKE_OVERTAKES;
    c = click(w, 0, UNIT);
    settle(w);
    assert_restarted(c);
}

static void test_other_jobs_do_not_count(void **state)
{
    struct world *w = *state;
    struct caller *c = click(w, 0, UNIT);

    settle(w);
    fake_job_removed_by(&w->fake, FAKE_PID1, w->fake.last_job + 1, "done");
    settle(w);
    assert_int_equal(c->answers, 0);
}

/* Any local user may send signals like these. */
static void test_strangers_signals_do_not_count(void **state)
{
    struct world *w = *state;
    struct caller *c = click(w, 0, UNIT);

    settle(w);
    fake_job_removed_by(&w->fake, FAKE_STRANGER, w->fake.last_job, "done");
    w->fake.active_state = "failed";
    fake_changed_by(&w->fake, FAKE_STRANGER, UNIT, "ActiveState");
    settle(w);
    assert_int_equal(c->answers, 0);
    fake_job_ends(&w->fake, "done");
    settle(w);
    assert_restarted(c);
}

/* --- before the call --- */

static void test_stopped(void **state)
{
    struct world *w = *state;
    struct caller *c;

    w->fake.active_state = "inactive";
    c = click(w, 0, UNIT);
    settle(w);
    assert_refused(c, REFUSAL_STOPPED);
    assert_non_null(strstr(c->outcome.sentence, "policy.conf:1"));
    w->fake.load_state = "not-found";
    c = click(w, 1, UNIT);
    settle(w);
    assert_refused(c, REFUSAL_NO_UNIT);
    w->fake.load_state = "masked";
    c = click(w, 2, UNIT);
    settle(w);
    assert_refused(c, REFUSAL_SYSTEMD);
    assert_int_equal(w->fake.n_restarts, 0);
    w->fake.load_state = "loaded";
    w->fake.file_state = "enabled";
    (void)click(w, 3, UNIT);
    settle(w);
    assert_int_equal(w->fake.n_restarts, 1);
}

/* A unit that was up is asked again as soon as it is not: what it is now may be another one. */
static void test_stopped_meanwhile(void **state)
{
    struct world *w = *state;
    struct caller *c;

    (void)click(w, 0, UNIT);
    settle(w);
    fake_job_ends(&w->fake, "done");
    settle(w);
    w->fake.active_state = "inactive";
    fake_changed_by(&w->fake, FAKE_PID1, UNIT, "ActiveState");
    settle(w);
    c = click(w, 1, UNIT);
    settle(w);
    assert_refused(c, REFUSAL_STOPPED);
}

static void test_start_limit(void **state)
{
    struct world *w = *state;
    struct caller *c;

    w->fake.limit_interval_usec = 3600 * USEC_PER_SEC;
    w->fake.limit_burst = 2;
    w->fake.last_start_usec = clock_usec();
    click(w, 0, UNIT);
    settle(w);
    w->fake.last_start_usec = clock_usec();
    fake_changed_by(&w->fake, FAKE_PID1, UNIT, "InactiveExitTimestampMonotonic");
    fake_job_ends(&w->fake, "done");
    settle(w);
    assert_restarted(&w->callers[0]);
    assert_true(units_remember(w->units, clock_usec()));
    c = click(w, 1, UNIT);
    settle(w);
    assert_refused(c, REFUSAL_START_LIMIT);
    assert_true(c->outcome.retry_after > 3590 && c->outcome.retry_after <= 3600);
    assert_int_equal(w->fake.n_restarts, 1);
}

static void test_cooldown(void **state)
{
    struct world *w = *state;
    struct job_request request = {
        .unit = UNIT, .verb = VERB_RESTART, .grant = "policy.conf:1", .cooldown_usec = 300 * USEC_PER_SEC
    };

    w->fake.last_start_usec = clock_usec() - 290 * USEC_PER_SEC;
    w->callers[0].caller.done = on_done;
    jobs_ask(w->jobs, &request, &w->callers[0].caller);
    settle(w);
    assert_refused(&w->callers[0], REFUSAL_COOLDOWN);
    assert_int_equal(w->callers[0].outcome.retry_after, 10);
    assert_non_null(strstr(w->callers[0].outcome.sentence, "Cooldown= at policy.conf:1"));
    request.cooldown_usec = 280 * USEC_PER_SEC;
    w->callers[1].caller.done = on_done;
    jobs_ask(w->jobs, &request, &w->callers[1].caller);
    settle(w);
    assert_int_equal(w->fake.n_restarts, 1);
}

/* --- refusals --- */

static void test_refusals(void **state)
{
    const struct {
        enum fake_restart restart;
        int refusal;
    } cases[] = {
        { FAKE_REFUSES, REFUSAL_POLKIT },
        { FAKE_BUS_REFUSES, REFUSAL_BUS },
        { FAKE_NO_SUCH_UNIT, REFUSAL_NO_UNIT },
    };
    struct world *w = *state;

    for (unsigned i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        struct caller *c;

        w->fake.restart = cases[i].restart;
        c = click(w, (unsigned)i, UNIT);
        settle(w);
        assert_refused(c, cases[i].refusal);
    }
    assert_int_equal(jobs_running(w->jobs), 0);
}

/* --- sharing --- */

static void test_sharing(void **state)
{
    struct world *w = *state;

    for (unsigned i = 0; i < JOB_CALLERS_MAX; i++) {
        click(w, (unsigned)i, UNIT);
        if (i % 100 == 0)
            settle(w);
    }
    assert_refused(click(w, JOB_CALLERS_MAX, UNIT), REFUSAL_BUSY);
    fake_job_ends(&w->fake, "done");
    settle(w);
    for (unsigned i = 0; i < JOB_CALLERS_MAX; i++) {
        assert_restarted(&w->callers[i]);
        assert_int_equal(w->callers[i].outcome.callers, JOB_CALLERS_MAX);
    }
    assert_int_equal(w->fake.n_restarts, 1);
}

/* A crowd's stragglers are held, and share the next job. */
static void test_stragglers(void **state)
{
    struct world *w = *state;

    click(w, 0, UNIT);
    click(w, 1, UNIT);
    settle(w);
    fake_job_ends(&w->fake, "done");
    settle(w);
    for (unsigned i = 2; i < 50; i++)
        click(w, (unsigned)i, UNIT);
    settle(w);
    assert_int_equal(w->fake.n_restarts, 1);
    while (w->fake.n_restarts == 1)
        fake_settle(&w->fake, 100);
    fake_job_ends(&w->fake, "done");
    settle(w);
    for (unsigned i = 0; i < 50; i++)
        assert_restarted(&w->callers[i]);
    assert_int_equal(w->fake.n_restarts, 2);
}

static void test_many_units(void **state)
{
    struct world *w = *state;
    char unit[64];

    for (unsigned i = 0; i < JOBS_MAX + 1; i++) {
        (void)snprintf(unit, sizeof(unit), "a@%u.service", i);
        click(w, i, unit);
    }
    assert_refused(&w->callers[JOBS_MAX], REFUSAL_BUSY);
    settle(w);
    assert_int_equal(w->fake.n_restarts, JOBS_MAX);
    for (unsigned job = 1; job <= JOBS_MAX; job++)
        fake_job_removed_by(&w->fake, FAKE_PID1, job, "done");
    settle(w);
    for (unsigned i = 0; i < JOBS_MAX; i++)
        assert_restarted(&w->callers[i]);
}

/* dbus-daemon takes 128 calls without an answer from one connection; 65 units would ask for more. */
static void test_calls_are_bounded(void **state)
{
    struct world *w = *state;
    char unit[64];

    settle(w);
    w->fake.hold_gets = true;
    for (unsigned i = 0; i < 4; i++) {
        (void)snprintf(unit, sizeof(unit), "a@%u.service", i);
        click(w, i, unit);
    }
    settle(w);
    assert_int_equal(w->fake.n_held, 4 * UNIT_PROPERTIES);
    assert_int_equal(systemd_queue(w->systemd)->n_sent, 4 * UNIT_PROPERTIES);
    for (unsigned i = 4; i < JOBS_MAX; i++) {
        (void)snprintf(unit, sizeof(unit), "a@%u.service", i);
        click(w, i, unit);
    }
    assert_true(systemd_queue(w->systemd)->n_sent <= 100);
    jobs_stop(w->jobs);
    assert_int_equal(systemd_queue(w->systemd)->n_sent, 0);
    assert_refused(&w->callers[0], REFUSAL_UNAVAILABLE);
}

/* The table of units is bounded, and its matches are given back. */
static void test_table_is_bounded(void **state)
{
    struct world *w = *state;
    char unit[64];

    w->fake.id = "b@1.service";
    for (unsigned i = 0; i < UNITS_MAX + 20; i++) {
        (void)snprintf(unit, sizeof(unit), "a@%u.service", i);
        assert_int_equal(click(w, 0, unit)->answers, 0);
        fake_settle(&w->fake, 1);
        while (w->callers[0].answers == 0)
            fake_settle(&w->fake, 10);
        assert_refused(&w->callers[0], REFUSAL_NAME);
    }
    settle(w);
    assert_true(w->fake.n_matches <= UNITS_MAX + 4);
}

/* --- when something breaks --- */

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

static void test_bus_lost(void **state)
{
    struct world *w = *state;
    struct caller *c = click(w, 0, UNIT);

    settle(w);
    fake_unlisten(&w->fake);
    fake_hang_up(&w->fake);
    settle(w);
    assert_refused(c, REFUSAL_UNKNOWN);
    assert_refused(click(w, 1, UNIT), REFUSAL_UNAVAILABLE);
    fake_listen(&w->fake);
    fake_accept_on(&w->fake, w->fake.event);
    while (w->fake.n_subscribes < 2)
        fake_settle(&w->fake, 100);
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
    fake_unlisten(&w->fake);
    fake_hang_up(&w->fake);
    fake_settle(&w->fake, 400);
    assert_refused(click(w, 0, UNIT), REFUSAL_UNAVAILABLE);
    fake_listen(&w->fake);
    fake_accept_on(&w->fake, w->fake.event);
    while (w->fake.n_subscribes < 2)
        fake_settle(&w->fake, 100);
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
        TEST(test_click),
        TEST(test_known_unit_is_not_asked),
        TEST(test_unknown_result_is_no_success),
        TEST(test_end_overtakes_reply),
        TEST(test_other_jobs_do_not_count),
        TEST(test_strangers_signals_do_not_count),
        TEST(test_stopped),
        TEST(test_stopped_meanwhile),
        TEST(test_start_limit),
        TEST(test_cooldown),
        TEST(test_refusals),
        TEST(test_sharing),
        TEST(test_stragglers),
        TEST(test_many_units),
        TEST(test_calls_are_bounded),
        TEST(test_table_is_bounded),
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
