/* The verbs beside restart: which message PID 1 gets, what it makes of it, and what is shared and counted. */
#include <stdio.h>
#include <string.h>

#include "broker/outcome/sentence.h"
#include "common/cleanup.h"
#include "tests/unit/job-world.h"
#include "tests/unit/test.h"

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up_grant, tear_down)

static uint64_t cooldown_usec; /* of the grant */

static int set_up_grant(void **state)
{
    cooldown_usec = 0;
    return set_up(state);
}

static struct caller *ask_press(struct world *w, unsigned i, unsigned verb, const char *press)
{
    const struct job_request request = {
        .unit = UNIT, .verb = verb, .grant = "policy.conf:1", .cooldown_usec = cooldown_usec
    };
    struct job_caller as = { 0 };

    (void)snprintf(as.press.text, sizeof(as.press.text), "%s", press);
    (void)ask_for(w, i, &request, &as);
    settle(w);
    return &w->callers[i];
}

static struct caller *ask(struct world *w, unsigned i, unsigned verb)
{
    return ask_press(w, i, verb, "");
}

static void assert_says(const struct caller *c, const char *part)
{
    if (!strstr(c->outcome.sentence, part))
        fail_msg("'%s' does not say '%s'", c->outcome.sentence, part);
}

/* The job ends like that, in that state; `started` is a new invocation. */
static void end(struct world *w, const char *result, bool started)
{
    w->fake.invocation += started;
    fake_changed_by(&w->fake, FAKE_PID1, UNIT, "ActiveState");
    fake_changed_by(&w->fake, FAKE_PID1, UNIT, "InvocationID");
    fake_job_ends(&w->fake, result);
    settle(w);
}

static void test_each_has_its_message(void **state)
{
    static const struct {
        unsigned verb;
        const char *member;
    } CASES[] = {
        { VERB_RESTART, "RestartUnit" },
        { VERB_TRY_RESTART, "TryRestartUnit" },
        { VERB_RELOAD, "ReloadUnit" },
        { VERB_RELOAD_OR_RESTART, "ReloadOrRestartUnit" },
    };
    struct world *w = *state;

    w->fake.can_reload = true;
    for (unsigned i = 0; i < sizeof(CASES) / sizeof(*CASES); i++) {
        const struct caller *c = ask(w, i, CASES[i].verb);

        assert_string_equal(w->fake.last_member, CASES[i].member);
        end(w, "done", CASES[i].verb == VERB_RESTART || CASES[i].verb == VERB_TRY_RESTART);
        assert_restarted(c);
        assert_int_equal(c->outcome.verb, CASES[i].verb);
    }
    assert_int_equal(w->fake.n_restarts, 4);
}

/* By the invocation that is another one, or still the same. */
static void test_which_of_the_two(void **state)
{
    struct world *w = *state;
    const struct caller *c;

    w->fake.can_reload = true;
    c = ask(w, 0, VERB_RELOAD_OR_RESTART);
    end(w, "done", false);
    assert_string_equal(outcome_what_was_done(&c->outcome), "reload");
    assert_says(c, UNIT " was reloaded in ");
    c = ask(w, 1, VERB_RELOAD_OR_RESTART);
    end(w, "done", true);
    assert_string_equal(outcome_what_was_done(&c->outcome), "restart");
    assert_says(c, UNIT " was restarted in ");
    c = ask(w, 2, VERB_RELOAD);
    end(w, "done", false);
    assert_string_equal(outcome_what_was_done(&c->outcome), "reload");
    assert_int_equal(c->outcome.verdict, VERDICT_UP);
}

static void test_reload_fails(void **state)
{
    struct world *w = *state;
    const struct caller *c;

    w->fake.can_reload = true;
    c = ask(w, 0, VERB_RELOAD);
    end(w, "failed", false);
    assert_int_equal(c->answers, 1);
    assert_false(c->outcome.success);
    assert_int_equal(c->outcome.verdict, VERDICT_NOT_RELOADED);
    assert_string_equal(outcome_what_was_done(&c->outcome), "");
    assert_says(c, UNIT " was not reloaded: its job ended with 'failed'. It is active (running), as before.");
}

static void test_reload_kills(void **state)
{
    struct world *w = *state;
    const struct caller *c;

    w->fake.can_reload = true;
    c = ask(w, 0, VERB_RELOAD);
    w->fake.active_state = "failed";
    w->fake.result = "signal";
    fake_changed_by(&w->fake, FAKE_PID1, UNIT, "Result");
    end(w, "done", false);
    assert_int_equal(c->outcome.verdict, VERDICT_FAILED);
    assert_false(c->outcome.success);
    assert_says(c, UNIT " was reloaded in ");
    assert_says(c, "but failed at once (signal 3).");
}

static void test_cannot_reload(void **state)
{
    struct world *w = *state;

    assert_refused(ask(w, 0, VERB_RELOAD), REFUSAL_SYSTEMD);
    assert_says(&w->callers[0],
                "Nothing was reloaded: " UNIT " cannot be reloaded; its unit file has no ExecReload=.");
    assert_int_equal(w->fake.n_restarts, 0);
}

static void test_reload_of_what_does_not_run(void **state)
{
    static const char *const STATES[] = { "inactive", "failed", "deactivating" };
    struct world *w = *state;

    w->fake.can_reload = true;
    for (unsigned i = 0; i < sizeof(STATES) / sizeof(*STATES); i++) {
        w->fake.active_state = STATES[i];
        if (i > 0)
            fake_changed_by(&w->fake, FAKE_PID1, UNIT, "ActiveState");
        assert_refused(ask(w, i, VERB_RELOAD), REFUSAL_STOPPED);
        assert_says(&w->callers[i], "Nothing was reloaded: " UNIT " does not run (");
        assert_says(&w->callers[i], STATES[i]);
    }
    assert_int_equal(w->fake.n_restarts, 0);
}

/* systemd's job for that does nothing, and succeeds. */
static void test_try_restart_of_what_does_not_run(void **state)
{
    static const char *const STATES[] = { "inactive", "failed" };
    struct world *w = *state;

    for (unsigned i = 0; i < sizeof(STATES) / sizeof(*STATES); i++) {
        const struct caller *c;

        w->fake.active_state = STATES[i];
        if (i > 0)
            fake_changed_by(&w->fake, FAKE_PID1, UNIT, "ActiveState");
        c = ask(w, i, VERB_TRY_RESTART);
        end(w, "done", false);
        assert_restarted(c);
        assert_int_equal(c->outcome.verdict, VERDICT_NOT_RUNNING);
        assert_string_equal(outcome_what_was_done(&c->outcome), "");
        assert_says(c, UNIT " does not run, and a try-restart starts nothing: nothing was done.");
    }
    assert_int_equal(w->fake.n_restarts, 2);
}

/* What may start it is refused where StartStopped= does not say yes. */
static void test_stopped(void **state)
{
    static const unsigned STARTING[] = { VERB_RESTART, VERB_RELOAD_OR_RESTART };
    struct world *w = *state;

    w->fake.active_state = "inactive";
    w->fake.file_state = "disabled";
    w->fake.can_reload = true;
    for (unsigned i = 0; i < 2; i++) {
        assert_refused(ask(w, i, STARTING[i]), REFUSAL_STOPPED);
        assert_says(&w->callers[i], "StartStopped=yes");
        assert_says(&w->callers[i], verb_to_string(STARTING[i]));
    }
    assert_int_equal(w->fake.n_restarts, 0);
}

/* Only who asks for the very same shares a job. */
static void test_sharing(void **state)
{
    struct world *w = *state;
    const struct caller *first, *same, *other;

    w->fake.can_reload = true;
    first = ask(w, 0, VERB_RELOAD);
    same = ask(w, 1, VERB_RELOAD);
    other = ask(w, 2, VERB_RESTART);
    assert_refused(other, REFUSAL_BUSY);
    assert_says(other, "Nothing was restarted: " UNIT " is just being reloaded.");
    assert_true(other->outcome.retry_after > 0);
    end(w, "done", false);
    assert_restarted(first);
    assert_restarted(same);
    assert_int_equal(same->outcome.callers, 2);
    assert_int_equal(w->fake.n_restarts, 1);
}

static void test_press_is_of_a_verb(void **state)
{
    struct world *w = *state;

    w->fake.can_reload = true;
    (void)ask_press(w, 0, VERB_RELOAD, "press-one");
    assert_refused(ask_press(w, 1, VERB_RESTART, "press-one"), REFUSAL_PRESS);
    end(w, "done", false);
    assert_restarted(&w->callers[0]);
    assert_refused(ask_press(w, 1, VERB_RESTART, "press-one"), REFUSAL_PRESS);
    assert_says(&w->callers[1], "another unit or another verb");
    (void)ask_press(w, 2, VERB_RELOAD, "press-one");
    assert_restarted(&w->callers[2]);
    assert_true(w->callers[2].outcome.repeated);
    assert_int_equal(w->fake.n_restarts, 1);
}

/* A reload is no start: it keeps no start limit and no Cooldown=, and uses up neither. */
static void test_a_reload_is_no_start(void **state)
{
    struct world *w = *state;

    w->fake.can_reload = true;
    w->fake.limit_burst = 2;
    w->fake.limit_interval_usec = 3600 * USEC_PER_SEC;
    cooldown_usec = 3600 * USEC_PER_SEC;
    for (unsigned i = 0; i < 4; i++) {
        (void)ask(w, i, i % 2 ? VERB_RELOAD : VERB_RELOAD_OR_RESTART);
        end(w, "done", false);
        assert_restarted(&w->callers[i]);
    }
    assert_int_equal(w->fake.n_restarts, 4);
    cooldown_usec = 0;
    (void)ask(w, 4, VERB_RESTART);
    assert_int_equal(w->fake.n_restarts, 5);
}

/* What cannot reload is restarted by it, which is a start. */
static void test_reload_or_restart_starts(void **state)
{
    struct world *w = *state;

    cooldown_usec = 3600 * USEC_PER_SEC;
    (void)ask(w, 0, VERB_RELOAD_OR_RESTART);
    end(w, "done", true);
    assert_restarted(&w->callers[0]);
    assert_refused(ask(w, 1, VERB_RELOAD_OR_RESTART), REFUSAL_COOLDOWN);
    assert_says(&w->callers[1], "Nothing was reloaded or restarted: ");
}

static void test_words(_unused_ void **state)
{
    for (unsigned verb = 1; verb & VERB_ALL; verb <<= 1) {
        struct outcome o = { .unit = UNIT, .verb = verb };
        char start[64];

        (void)snprintf(start, sizeof(start), "Nothing was %s: ", verb_done(verb));
        sentence_not_done(&o, BUS_FAULT_RULE, "", 0);
        assert_ptr_equal(strstr(o.sentence, start), o.sentence);
        assert_non_null(strstr(o.sentence, verb_to_string(verb)));
        sentence_not_done(&o, BUS_FAULT_POLICY, "", 0);
        assert_ptr_equal(strstr(o.sentence, start), o.sentence);
        assert_non_null(strstr(o.sentence, verb_bus_member(verb)));
        sentence_bus_lost(&o);
        (void)snprintf(start, sizeof(start), "may or may not have been %s: ", verb_done(verb));
        assert_non_null(strstr(o.sentence, start));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_each_has_its_message),
        TEST(test_which_of_the_two),
        TEST(test_reload_fails),
        TEST(test_reload_kills),
        TEST(test_cannot_reload),
        TEST(test_reload_of_what_does_not_run),
        TEST(test_try_restart_of_what_does_not_run),
        TEST(test_stopped),
        TEST(test_sharing),
        TEST(test_press_is_of_a_verb),
        TEST(test_a_reload_is_no_start),
        TEST(test_reload_or_restart_starts),
        cmocka_unit_test(test_words),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
