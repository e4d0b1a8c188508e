/* One job against a PID 1 that does as the test says: the order of things, what is asked before the call and
 * what is not, and who is refused. */
#include <string.h>

#include "tests/unit/job-world.h"
#include "tests/unit/test.h"

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
    assert_int_equal(n_gets, UNIT_PROPERTIES_CLICK);
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
    (void)ask_for(w, 0, &request, NULL);
    settle(w);
    assert_refused(&w->callers[0], REFUSAL_COOLDOWN);
    assert_int_equal(w->callers[0].outcome.retry_after, 10);
    assert_non_null(strstr(w->callers[0].outcome.sentence, "Cooldown= at policy.conf:1"));
    request.cooldown_usec = 280 * USEC_PER_SEC;
    (void)ask_for(w, 1, &request, NULL);
    settle(w);
    assert_int_equal(w->fake.n_restarts, 1);
}

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
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
