/* Many who ask at once: one job for all who ask for the same, and a bound to whatever a crowd could fill. */
#include <stdio.h>

#include "tests/unit/job-world.h"
#include "tests/unit/test.h"

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
    assert_int_equal(w->fake.n_held, 4 * UNIT_PROPERTIES_CLICK);
    assert_int_equal(systemd_queue(w->systemd)->n_sent, 4 * UNIT_PROPERTIES_CLICK);
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

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_sharing),           TEST(test_stragglers),       TEST(test_many_units),
        TEST(test_calls_are_bounded), TEST(test_table_is_bounded),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
