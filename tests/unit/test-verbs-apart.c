/* Two verbs and one unit: what reload-or-restart really did, and that nobody who asks for the one keeps out
 * who asks for the other. */
#include <string.h>

#include "tests/unit/job-world.h"
#include "tests/unit/test.h"

static struct caller *ask(struct world *w, unsigned i, unsigned verb, uint64_t cooldown_usec)
{
    const struct job_request request = {
        .unit = UNIT, .verb = verb, .grant = "policy.conf:1", .cooldown_usec = cooldown_usec
    };

    (void)ask_for(w, i, &request, NULL);
    settle(w);
    return &w->callers[i];
}

static void change(struct world *w)
{
    fake_changed_by(&w->fake, FAKE_PID1, UNIT, "ActiveState");
    fake_changed_by(&w->fake, FAKE_PID1, UNIT, "SubState");
    fake_changed_by(&w->fake, FAKE_PID1, UNIT, "InvocationID");
    settle(w);
}

static void end(struct world *w)
{
    fake_job_ends(&w->fake, "done");
    settle(w);
}

/* It was stopped, and a condition kept it from being started: the invocation is the one before, and still
 * nothing was reloaded. */
static void test_skipped_start_is_no_reload(void **state)
{
    struct world *w = *state;
    const struct caller *c = ask(w, 0, VERB_RELOAD_OR_RESTART, 0);

    w->fake.active_state = "inactive";
    w->fake.sub_state = "dead";
    change(w);
    end(w);
    assert_int_equal(c->answers, 1);
    assert_int_equal(c->outcome.verdict, VERDICT_DOWN);
    assert_string_equal(outcome_what_was_done(&c->outcome), "");
    assert_non_null(strstr(c->outcome.sentence, UNIT " was not started again"));
}

/* Between two restarts of systemd's own a unit is not reloaded but started, from systemd 254 on at once. */
static void test_start_between_restarts_is_a_start(void **state)
{
    struct world *w = *state;

    w->fake.can_reload = true;
    (void)ask(w, 0, VERB_RESTART, 0);
    w->fake.invocation++;
    w->fake.active_state = "activating";
    w->fake.sub_state = "auto-restart";
    change(w);
    end(w);
    assert_refused(ask(w, 1, VERB_RELOAD_OR_RESTART, 3600 * USEC_PER_SEC), REFUSAL_COOLDOWN);
    assert_int_equal(w->fake.n_restarts, 1);
}

static void wait_for_calls(struct world *w, unsigned n)
{
    for (int i = 0; i < 500 && w->fake.n_restarts < n; i++)
        fake_settle(&w->fake, 10);
    assert_int_equal(w->fake.n_restarts, n);
}

/* A crowd has reloaded it, so that the next reload holds itself back. */
static void hold_a_reload(struct world *w)
{
    w->fake.can_reload = true;
    (void)ask(w, 0, VERB_RELOAD, 0);
    (void)ask(w, 1, VERB_RELOAD, 0);
    end(w);
    assert_restarted(&w->callers[1]);
    assert_int_equal(ask(w, 2, VERB_RELOAD, 0)->answers, 0);
    assert_int_equal(w->fake.n_restarts, 1);
}

/* Who wants something else waits his turn, and has it before the crowd comes round again. */
static void test_crowd_of_another_verb(void **state)
{
    struct world *w = *state;

    hold_a_reload(w);
    assert_int_equal(ask(w, 3, VERB_RESTART, 0)->answers, 0);
    assert_int_equal(ask(w, 4, VERB_RESTART, 0)->answers, 0);
    wait_for_calls(w, 2);
    assert_string_equal(w->fake.last_member, "ReloadUnit");
    end(w);
    assert_restarted(&w->callers[2]);
    wait_for_calls(w, 3);
    assert_string_equal(w->fake.last_member, "RestartUnit");
    assert_refused(ask(w, 5, VERB_RELOAD, 0), REFUSAL_BUSY);
    w->fake.invocation++;
    change(w);
    end(w);
    assert_restarted(&w->callers[3]);
    assert_restarted(&w->callers[4]);
    assert_int_equal(w->callers[4].outcome.callers, 2);
}

/* What it waits for is not over in time. */
static void test_turn_that_does_not_come(void **state)
{
    struct world *w = *state;

    hold_a_reload(w);
    (void)ask(w, 3, VERB_RESTART, 0);
    wait_for_deadline(w, &w->callers[3]);
    assert_refused(&w->callers[3], REFUSAL_BUSY);
    assert_non_null(strstr(w->callers[3].outcome.sentence, UNIT " is just being reloaded."));
    assert_int_not_equal(w->fake.n_restarts, 3);
}

static void test_stopped_while_it_waits(void **state)
{
    struct world *w = *state;

    hold_a_reload(w);
    (void)ask(w, 3, VERB_RESTART, 0);
    jobs_stop(w->jobs);
    settle(w);
    assert_int_equal(w->callers[2].answers, 1);
    assert_int_equal(w->callers[3].answers, 1);
    assert_int_equal(w->fake.n_restarts, 1);
    assert_int_equal(jobs_running(w->jobs), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_skipped_start_is_no_reload, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_start_between_restarts_is_a_start, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_crowd_of_another_verb, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_turn_that_does_not_come, set_up_impatient, tear_down),
        cmocka_unit_test_setup_teardown(test_stopped_while_it_waits, set_up, tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
