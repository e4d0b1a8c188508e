/* Two verbs and one unit: what reload-or-restart really did, and that nobody who asks for the one keeps out
 * who asks for the other. */
#include "tests/unit/job-world.h"

static struct caller *ask(struct world *w, unsigned i, unsigned verb, uint64_t cooldown_usec)
{
    const struct job_request request = {
        .unit = UNIT, .verb = verb, .grant = "policy.conf:1", .cooldown_usec = cooldown_usec
    };

    w->callers[i] = (struct caller){ .caller = { .done = on_done } };
    jobs_ask(w->jobs, &request, &w->callers[i].caller);
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_skipped_start_is_no_reload, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_start_between_restarts_is_a_start, set_up, tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
