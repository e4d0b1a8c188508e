/* The watch after a job, against a PID 1 that does as the test says: who is told what, and when. */
#include <stdio.h>
#include <string.h>

#include "tests/unit/test.h"
#include "tests/unit/watch-world.h"

static void test_stays_up(void **state)
{
    struct world *w = *state;
    struct caller *own = click_watched(w, 0, LONG, JOB_SETTLE_OWN);
    struct caller *none = click_watched(w, 1, LONG, 0), *some = click_watched(w, 2, LONG, SHORT);

    job_done(w);
    assert_verdict(none, VERDICT_WATCHING);
    assert_int_equal(none->outcome.watched_usec, 0);
    assert_int_equal(own->answers, 0);
    assert_int_equal(jobs_running(w->jobs), 0);
    assert_int_equal(jobs_watching(w->jobs), 1);
    wait_until_told(w, some);
    assert_verdict(some, VERDICT_WATCHING);
    assert_int_equal(some->outcome.watched_usec, SHORT);
    assert_int_equal(own->answers, 0);
    wait_until_told(w, own);
    assert_verdict(own, VERDICT_UP);
    assert_int_equal(own->outcome.watched_usec, LONG);
    assert_int_equal(own->outcome.callers, 3);
    assert_int_equal(jobs_watching(w->jobs), 0);
    assert_int_equal(w->n_settled, 1);
    assert_int_equal(w->settled.verdict, VERDICT_UP);
}

/* Who wants to know more than the policy is told later; the others are not kept. */
static void test_longer_than_the_grant(void **state)
{
    struct world *w = *state;
    struct caller *own = click_watched(w, 0, 0, JOB_SETTLE_OWN), *more = click_watched(w, 1, 0, SHORT);

    job_done(w);
    assert_verdict(own, VERDICT_UP);
    assert_int_equal(more->answers, 0);
    wait_until_told(w, more);
    assert_verdict(more, VERDICT_UP);
    assert_int_equal(more->outcome.watched_usec, SHORT);
    assert_int_equal(w->n_settled, 0);
}

static void test_no_watch(void **state)
{
    struct world *w = *state;
    struct caller *c = click_watched(w, 0, 0, JOB_SETTLE_OWN);

    job_done(w);
    assert_verdict(c, VERDICT_UP);
    assert_int_equal(jobs_watching(w->jobs), 0);
}

static void test_by_type(void **state)
{
    const struct {
        const char *type;
        uint64_t usec, reloaded_usec;
    } cases[] = {
        { "simple", USEC_PER_SEC, USEC_PER_SEC },
        { "exec", USEC_PER_SEC, USEC_PER_SEC },
        { "forking", USEC_PER_SEC, USEC_PER_SEC },
        { "idle", USEC_PER_SEC, USEC_PER_SEC },
        { "", USEC_PER_SEC, USEC_PER_SEC },
        { "notify", 0, USEC_PER_SEC },
        { "notify-reload", 0, 0 },
        { "dbus", 0, USEC_PER_SEC },
        { "oneshot", 0, 0 },
    };
    struct world *w = *state;
    struct caller *c;

    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        assert_int_equal(settle_usec_for_type(cases[i].type, false), cases[i].usec);
        assert_int_equal(settle_usec_for_type(cases[i].type, true), cases[i].reloaded_usec);
    }
    w->fake.type = "notify";
    c = click_watched(w, 0, POLICY_SETTLE_BY_TYPE, JOB_SETTLE_OWN);
    job_done(w);
    assert_verdict(c, VERDICT_UP);
    assert_int_equal(c->outcome.watched_usec, 0);
}

static void test_falls(void **state)
{
    const struct {
        const char *active, *sub, *result;
        enum verdict verdict;
    } cases[] = {
        { "failed", "failed", "exit-code", VERDICT_FAILED },
        { "failed", "failed", "signal", VERDICT_FAILED },
        { "inactive", "dead", "success", VERDICT_ENDED },
        { "inactive", "dead", "exit-code", VERDICT_FAILED },
    };
    struct world *w = *state;

    for (unsigned i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        struct caller *c = click_watched(w, i, 60 * USEC_PER_SEC, JOB_SETTLE_OWN);

        job_done(w);
        assert_int_equal(c->answers, 0);
        change(w, cases[i].active, cases[i].sub, cases[i].result);
        assert_verdict(c, cases[i].verdict);
        assert_true(c->outcome.fell_usec > 0);
        assert_int_equal(jobs_watching(w->jobs), 0);
        w->fake.active_state = "active";
        w->fake.sub_state = NULL;
        w->fake.result = "success";
    }
}

/* Down already when the job is over. */
static void test_falls_before(void **state)
{
    struct world *w = *state;
    struct caller *c = click_watched(w, 0, LONG, 0);

    settle(w);
    change(w, "failed", "failed", "exit-code");
    job_done(w);
    assert_verdict(c, VERDICT_FAILED);
    assert_int_equal(w->n_settled, 0);
}

/* The very states in which others stay, on the way to the next start. */
static void test_restarting(void **state)
{
    struct world *w = *state;
    struct caller *c = click_watched(w, 0, LONGER, JOB_SETTLE_OWN), *now = click_watched(w, 1, LONGER, 0);

    job_done(w);
    assert_verdict(now, VERDICT_WATCHING);
    for (unsigned i = 1; i <= 3; i++) {
        w->fake.active_state = "failed";
        w->fake.sub_state = "failed";
        fake_changed_by(&w->fake, FAKE_PID1, UNIT, "SubState");
        fake_changed_by(&w->fake, FAKE_PID1, UNIT, "ActiveState");
        w->fake.sub_state = "auto-restart";
        settle(w);
        change(w, "activating", "auto-restart", "exit-code");
        w->fake.restarts_told = i;
        fake_changed_by(&w->fake, FAKE_PID1, UNIT, "NRestarts");
        change(w, "active", "running", "success");
        assert_int_equal(c->answers, 0);
    }
    wait_until_told(w, c);
    assert_verdict(c, VERDICT_RESTARTING);
    assert_int_equal(c->outcome.restarts, 3);
    assert_non_null(strstr(c->outcome.sentence, "again and again (3 times in 3 s)"));
    assert_int_equal(w->n_settled, 1);
    assert_int_equal(w->settled.verdict, VERDICT_RESTARTING);
}

static void test_another_invocation(void **state)
{
    struct world *w = *state;
    struct caller *c = click_watched(w, 0, LONG, JOB_SETTLE_OWN);

    job_done(w);
    w->fake.invocation++;
    fake_changed_by(&w->fake, FAKE_PID1, UNIT, "InvocationID");
    wait_until_told(w, c);
    assert_verdict(c, VERDICT_RESTARTING);
}

/* The watch is over as soon as the next restart is asked of systemd. */
static void test_next_restart(void **state)
{
    struct world *w = *state;
    struct caller *first = click_watched(w, 0, 60 * USEC_PER_SEC, JOB_SETTLE_OWN), *second;

    job_done(w);
    assert_int_equal(first->answers, 0);
    second = click_watched(w, 1, 0, JOB_SETTLE_OWN);
    settle(w);
    assert_verdict(first, VERDICT_UP);
    assert_non_null(strstr(first->outcome.sentence, "when it was restarted anew"));
    assert_int_equal(w->fake.n_restarts, 2);
    job_done(w);
    assert_verdict(second, VERDICT_UP);
}

/* A click that is refused takes nothing away from those who wait. */
static void test_refused_click_meanwhile(void **state)
{
    struct job_request request = {
        .unit = UNIT, .verb = VERB_RESTART, .grant = "policy.conf:1", .cooldown_usec = 300 * USEC_PER_SEC
    };
    struct world *w = *state;
    struct caller *first = click_watched(w, 0, LONG, JOB_SETTLE_OWN);

    settle(w);
    w->fake.last_start_usec = clock_usec();
    fake_changed_by(&w->fake, FAKE_PID1, UNIT, "InactiveExitTimestampMonotonic");
    job_done(w);
    (void)ask_for(w, 1, &request, NULL);
    settle(w);
    assert_refused(&w->callers[1], REFUSAL_COOLDOWN);
    wait_until_told(w, first);
    assert_verdict(first, VERDICT_UP);
    assert_int_equal(first->outcome.watched_usec, LONG);
}

static void test_bus_lost(void **state)
{
    struct world *w = *state;
    struct caller *c = click_watched(w, 0, 60 * USEC_PER_SEC, JOB_SETTLE_OWN);

    job_done(w);
    fake_hang_up(&w->fake);
    settle(w);
    assert_refused(c, REFUSAL_UNKNOWN);
    assert_int_equal(jobs_watching(w->jobs), 0);
}

static void test_stopping(void **state)
{
    struct world *w = *state;
    struct caller *c = click_watched(w, 0, 60 * USEC_PER_SEC, JOB_SETTLE_OWN);

    job_done(w);
    jobs_stop(w->jobs);
    assert_verdict(c, VERDICT_UP);
    assert_non_null(strstr(c->outcome.sentence, "when the broker was stopped"));
}

/* What happened while PID 1 was reloading is asked for. */
static void test_reload(void **state)
{
    struct world *w = *state;
    struct caller *c = click_watched(w, 0, 60 * USEC_PER_SEC, JOB_SETTLE_OWN);
    unsigned n_gets;

    job_done(w);
    fake_reloading(&w->fake, true);
    settle(w);
    n_gets = w->fake.n_gets;
    w->fake.active_state = "failed";
    w->fake.sub_state = "failed";
    w->fake.result = "signal";
    fake_reloading(&w->fake, false);
    settle(w);
    assert_true(w->fake.n_gets > n_gets);
    assert_verdict(c, VERDICT_FAILED);
}

/* Where changes cannot be followed, the unit is asked in the end. */
static void test_not_followed(void **state)
{
    struct world *w = *state;
    struct caller *c;

    settle(w);
    w->fake.refuse_matches = true;
    c = click_watched(w, 0, LONG, JOB_SETTLE_OWN);
    settle(w);
    w->fake.invocation++;
    fake_job_ends(&w->fake, "done");
    settle(w);
    assert_int_equal(c->answers, 0);
    w->fake.active_state = "failed";
    w->fake.sub_state = "failed";
    w->fake.result = "exit-code";
    wait_until_told(w, c);
    assert_verdict(c, VERDICT_FAILED);
}

static void test_many_watches(void **state)
{
    struct world *w = *state;
    char unit[64];

    settle(w);
    w->fake.restart = FAKE_OVERTAKES;
    for (unsigned i = 0; i < SETTLES_MAX + 10; i++) {
        struct job_request request = {
            .unit = unit, .verb = VERB_RESTART, .grant = "policy.conf:1", .settle_usec = 60 * USEC_PER_SEC
        };

        (void)snprintf(unit, sizeof(unit), "a@%u.service", i);
        (void)ask_for(w, i, &request, &(struct job_caller){ .settle_usec = JOB_SETTLE_OWN });
        settle(w);
    }
    assert_int_equal(jobs_watching(w->jobs), SETTLES_MAX);
    assert_verdict(&w->callers[9], VERDICT_UP);
    assert_non_null(strstr(w->callers[9].outcome.sentence, "too many others"));
    assert_int_equal(w->callers[10].answers, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_stays_up, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_longer_than_the_grant, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_no_watch, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_by_type, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_falls, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_falls_before, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_restarting, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_another_invocation, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_next_restart, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_refused_click_meanwhile, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_bus_lost, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_stopping, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_reload, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_not_followed, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_many_watches, set_up, tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
