/* A unit that has ended is unloaded at once, and whoever asks then is told of one that never ran. Where its
 * changes cannot be relied on (PID 1 was reloaded meanwhile), that is no reason to say that it was not
 * started.
 */
#include "tests/unit/test.h"
#include "tests/unit/watch-world.h"

static void collect(struct world *w)
{
    w->fake.active_state = "inactive";
    w->fake.sub_state = "dead";
    w->fake.result = "success";
    w->fake.invocation = 0;
}

static struct caller *click_and_reload(struct world *w)
{
    struct caller *c = click_watched(w, 0, LONG, JOB_SETTLE_OWN);

    settle(w);
    fake_reloading(&w->fake, true);
    fake_reloading(&w->fake, false);
    settle(w);
    return c;
}

/* It was told before. */
static void test_told(void **state)
{
    const struct {
        const char *type;
        enum verdict verdict;
    } cases[] = { { "oneshot", VERDICT_WELL_ENDED }, { "simple", VERDICT_ENDED } };
    struct world *w = *state;

    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        struct caller *c;

        w->fake.type = cases[i].type;
        w->fake.active_state = "failed"; /* so that it is looked at */
        w->fake.invocation = 1;
        c = click_and_reload(w);
        w->fake.invocation = 2;
        fake_changed_by(&w->fake, FAKE_PID1, UNIT, "InvocationID");
        change(w, "inactive", "dead", "success");
        collect(w);
        fake_job_ends(&w->fake, "done");
        wait_until_told(w, c);
        assert_verdict(c, cases[i].verdict);
    }
}

/* It was not told: nobody knows. */
static void test_not_told(void **state)
{
    struct world *w = *state;
    struct caller *c = click_and_reload(w);

    collect(w);
    fake_job_ends(&w->fake, "done");
    wait_until_told(w, c);
    assert_refused(c, REFUSAL_UNKNOWN);
}

/* It was not told, though it would have been: a start that was skipped leaves nothing behind. */
static void test_skipped(void **state)
{
    struct world *w = *state;
    struct caller *c;

    w->fake.active_state = "inactive";
    w->fake.sub_state = "dead";
    w->fake.file_state = "enabled";
    w->fake.invocation = 0;
    w->fake.hold_gets = true;
    c = click_watched(w, 0, LONG, JOB_SETTLE_OWN);
    settle(w);
    fake_reloading(&w->fake, true);
    fake_reloading(&w->fake, false);
    settle(w);
    w->fake.hold_gets = false;
    fake_answer_held(&w->fake);
    settle(w);
    assert_int_equal(w->fake.n_restarts, 1);
    fake_job_ends(&w->fake, "done");
    wait_until_told(w, c);
    assert_verdict(c, VERDICT_DOWN);
}

/* A job that failed says enough. */
static void test_failed(void **state)
{
    struct world *w = *state;
    struct caller *c = click_and_reload(w);

    collect(w);
    fake_job_ends(&w->fake, "failed");
    wait_until_told(w, c);
    assert_verdict(c, VERDICT_DOWN);
}

/* While it is watched. */
static void test_watched(void **state)
{
    struct world *w = *state;
    struct caller *c = click_watched(w, 0, 60 * USEC_PER_SEC, JOB_SETTLE_OWN);

    job_done(w);
    collect(w);
    fake_reloading(&w->fake, false);
    settle(w);
    assert_verdict(c, VERDICT_ENDED);
    assert_int_equal(c->outcome.restarts, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_told, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_not_told, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_skipped, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_failed, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_watched, set_up, tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
