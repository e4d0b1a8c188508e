/* The same press again: nothing is done twice, and the same is told. */
#include <stdio.h>

#include "common/cleanup.h"
#include "tests/unit/job-world.h"
#include "tests/unit/test.h"

#define PRESS "0123456789abcdef"

static struct caller *press(struct world *w, unsigned i, const char *unit, const char *text)
{
    const struct job_request request = { .unit = unit, .verb = VERB_RESTART, .grant = "policy.conf:1" };
    struct job_caller as = { .settle_usec = JOB_SETTLE_OWN };

    (void)snprintf(as.press.text, sizeof(as.press.text), "%s", text);
    return ask_for(w, i, &request, &as);
}

static void job_done(struct world *w)
{
    settle(w);
    fake_job_ends(&w->fake, "done");
    settle(w);
}

static void test_again_while_it_runs(void **state)
{
    struct world *w = *state;
    struct caller *first = press(w, 0, UNIT, PRESS), *second;

    settle(w);
    second = press(w, 1, UNIT, PRESS);
    settle(w);
    job_done(w);
    assert_restarted(first);
    assert_restarted(second);
    assert_false(first->outcome.repeated);
    assert_true(second->outcome.repeated);
    assert_int_equal(second->outcome.callers, 1);
    assert_int_equal(w->fake.n_restarts, 1);
}

/* Before anything was asked of systemd. */
static void test_at_once(void **state)
{
    struct world *w = *state;
    struct caller *first = press(w, 0, UNIT, PRESS), *second = press(w, 1, UNIT, PRESS);

    job_done(w);
    assert_restarted(first);
    assert_true(second->outcome.repeated);
    assert_int_equal(w->fake.n_restarts, 1);
}

static void test_again_afterwards(void **state)
{
    struct world *w = *state;
    struct caller *first = press(w, 0, UNIT, PRESS), *second;

    job_done(w);
    assert_restarted(first);
    second = press(w, 1, UNIT, PRESS);
    assert_restarted(second);
    assert_true(second->outcome.repeated);
    assert_string_equal(second->outcome.sentence, first->outcome.sentence);
    assert_string_equal(second->outcome.after.invocation_id, first->outcome.after.invocation_id);
    assert_int_equal(w->fake.n_restarts, 1);
    (void)press(w, 2, UNIT, "another-press");
    settle(w);
    assert_int_equal(w->fake.n_restarts, 2);
}

/* Told at once first; asked again while the unit is watched, and after that. */
static void test_verdict(void **state)
{
    struct world *w = *state;
    struct job_request request = {
        .unit = UNIT, .verb = VERB_RESTART, .grant = "policy.conf:1", .settle_usec = 200 * USEC_PER_MSEC
    };

    for (unsigned i = 0; i < 3; i++) {
        const struct job_caller as = { .settle_usec = i == 0 ? 0 : JOB_SETTLE_OWN,
                                       .press = { .text = PRESS } };

        (void)ask_for(w, i, &request, &as);
        if (i == 0)
            job_done(w);
        assert_int_equal(w->callers[0].outcome.verdict, VERDICT_WATCHING);
        while (w->callers[i].answers == 0)
            fake_settle(&w->fake, 10);
        assert_int_equal(w->callers[i].outcome.verdict, i == 0 ? VERDICT_WATCHING : VERDICT_UP);
    }
    assert_int_equal(w->fake.n_restarts, 1);
}

static void test_refusal_is_not_remembered(void **state)
{
    struct world *w = *state;
    struct caller *c;

    w->fake.restart = FAKE_REFUSES;
    c = press(w, 0, UNIT, PRESS);
    settle(w);
    assert_refused(c, REFUSAL_POLKIT);
    w->fake.restart = FAKE_RESTARTS;
    c = press(w, 1, UNIT, PRESS);
    job_done(w);
    assert_restarted(c);
    assert_false(c->outcome.repeated);
    assert_int_equal(w->fake.n_restarts, 2);
}

static void test_unknown_is_remembered(void **state)
{
    struct world *w = *state;
    struct caller *c = press(w, 0, UNIT, PRESS);

    settle(w);
    fake_hang_up(&w->fake);
    settle(w);
    assert_refused(c, REFUSAL_UNKNOWN);
    fake_settle(&w->fake, 200);
    c = press(w, 1, UNIT, PRESS);
    settle(w);
    assert_refused(c, REFUSAL_UNKNOWN);
    assert_true(c->outcome.repeated);
    assert_int_equal(w->fake.n_restarts, 1);
}

/* The job outlasts everybody's patience. */
static void test_again_after_the_deadline(void **state)
{
    struct world *w = *state;
    struct caller *c = press(w, 0, UNIT, PRESS);

    settle(w);
    wait_for_deadline(w, c);
    assert_refused(c, REFUSAL_UNKNOWN);
    c = press(w, 1, UNIT, PRESS);
    job_done(w);
    assert_restarted(c);
    assert_true(c->outcome.repeated);
    assert_int_equal(w->fake.n_restarts, 1);
}

static void test_other_unit(void **state)
{
    struct world *w = *state;
    struct caller *c = press(w, 0, UNIT, PRESS), *other;

    settle(w);
    other = press(w, 1, "a@2.service", PRESS);
    settle(w);
    assert_refused(other, REFUSAL_PRESS);
    job_done(w);
    assert_restarted(c);
    assert_refused(press(w, 2, "a@2.service", PRESS), REFUSAL_PRESS);
    assert_int_equal(w->fake.n_restarts, 1);
}

/* Both are looked at still: the one that is asked of systemd first counts. */
static void test_two_units_at_once(void **state)
{
    struct world *w = *state;
    struct caller *a = press(w, 0, UNIT, PRESS), *b = press(w, 1, "a@2.service", PRESS);

    settle(w);
    assert_int_equal(w->fake.n_restarts, 1);
    fake_job_ends(&w->fake, "done");
    settle(w);
    assert_int_equal(a->answers + b->answers, 2);
    assert_true((a->outcome.refusal == REFUSAL_PRESS) != (b->outcome.refusal == REFUSAL_PRESS));
    assert_int_equal(jobs_running(w->jobs), 0);
}

/* As many presses of one unit as are remembered, with a watch of that length after the job. */
static void crowd_presses(struct world *w, uint64_t settle_usec)
{
    const struct job_request request = {
        .unit = UNIT, .verb = VERB_RESTART, .grant = "policy.conf:1", .settle_usec = settle_usec
    };

    for (unsigned i = 0; i < PRESSES_UNIT_MAX; i++) {
        struct job_caller as = { 0 };

        (void)snprintf(as.press.text, sizeof(as.press.text), "stranger-%u", i);
        (void)ask_for(w, 10 + i, &request, &as);
    }
}

/* After a crowd it is held back for a second. */
static void second_job_done(struct world *w)
{
    for (int i = 0; i < 500 && w->fake.n_restarts < 2; i++)
        fake_settle(&w->fake, 10);
    assert_int_equal(w->fake.n_restarts, 2);
    job_done(w);
}

/* A press that cannot be remembered would be carried out a second time when it is asked again. */
static void test_no_place_for_a_press(void **state)
{
    struct world *w = *state;
    struct caller *early, *late, *plain;

    crowd_presses(w, 0);
    early = press(w, 0, UNIT, PRESS);
    settle(w);
    assert_refused(early, REFUSAL_BUSY);
    late = press(w, 1, UNIT, PRESS);
    assert_refused(late, REFUSAL_BUSY);
    plain = press(w, 2, UNIT, "");
    job_done(w);
    assert_restarted(plain);
    assert_int_equal(plain->outcome.callers, PRESSES_UNIT_MAX + 1);
    for (unsigned i = 0; i < PRESSES_UNIT_MAX; i++)
        assert_restarted(&w->callers[10 + i]);
    (void)press(w, 3, UNIT, PRESS);
    second_job_done(w);
    assert_restarted(press(w, 4, UNIT, PRESS));
    assert_true(w->callers[4].outcome.repeated);
    assert_int_equal(w->fake.n_restarts, 2);
}

/* They are remembered, and make room for who wants it restarted anew. */
static void test_presses_of_a_watch(void **state)
{
    struct world *w = *state;
    struct caller *c;

    crowd_presses(w, 60 * USEC_PER_SEC);
    job_done(w);
    assert_int_equal(jobs_watching(w->jobs), 1);
    c = press(w, 0, UNIT, PRESS);
    second_job_done(w);
    assert_restarted(c);
    assert_restarted(press(w, 1, UNIT, PRESS));
    assert_int_equal(w->fake.n_restarts, 2);
}

static void test_callers_are_told_apart(void **state)
{
    struct world *w = *state;
    const struct job_request request = { .unit = UNIT, .verb = VERB_RESTART, .grant = "policy.conf:1" };

    const struct press_key keys[] = { { .text = PRESS },
                                      { .text = PRESS, .uid = 1000 },
                                      { .text = PRESS, .gate = 2 },
                                      { .text = PRESS, .gate = 2, .person = "anna" },
                                      { .text = PRESS, .gate = 2, .person = "bob" } };
    enum { N_KEYS = sizeof(keys) / sizeof(*keys) };

    for (unsigned i = 0; i < N_KEYS; i++) {
        const struct job_caller as = { .press = keys[i] };

        (void)ask_for(w, i, &request, &as);
        job_done(w);
        assert_restarted(&w->callers[i]);
        assert_false(w->callers[i].outcome.repeated);
    }
    assert_int_equal(w->fake.n_restarts, N_KEYS);
}

/* --- the table --- */

static const struct outcome OVER = { .success = true };
static const struct press_deed DEED_1 = { .unit = UNIT, .verb = VERB_RESTART, .serial = 1 },
                               DEED_2 = { .unit = UNIT, .verb = VERB_RESTART, .serial = 2 };

/* A crowd at one door does not make anybody at another one forgotten, nor take his place. */
static void test_shares(_unused_ void **state)
{
    const struct press_key mine = { .gate = 1, .uid = 1000, .text = "mine-0001" },
                           later = { .gate = 1, .uid = 1000, .text = "mine-0002" };
    struct presses *presses = NULL;
    struct memory *memory = NULL;
    struct press_key theirs = { 0 };

    assert_int_equal(memory_new(NULL, "presses", PRESSES_MAX, &memory), 0);
    assert_int_equal(presses_new(memory, 0, &presses), 0);
    assert_int_equal(presses_note(presses, &mine, &DEED_1, 1000), 0);
    presses_over(presses, 1, &OVER);
    for (unsigned i = 0; i < 2 * PRESSES_UNIT_MAX; i++) {
        (void)snprintf(theirs.text, sizeof(theirs.text), "theirs-%u", i);
        assert_int_equal(presses_note(presses, &theirs, &DEED_2, 2000 + i),
                         i < PRESSES_UNIT_MAX ? 0 : PRESS_E_FULL);
    }
    assert_non_null(presses_find(presses, &mine, 3000));
    assert_int_equal(presses_note(presses, &later, &DEED_2, 3000), 0);
    presses_free(presses);
    memory_free(memory);
}

static void note(struct presses *presses, unsigned i, const char *unit, uint64_t serial, uint64_t usec,
                 int expected)
{
    const struct press_deed deed = { .unit = unit, .verb = VERB_RESTART, .serial = serial };
    struct press_key key = { 0 };

    (void)snprintf(key.text, sizeof(key.text), "press-%u", i);
    assert_int_equal(presses_note(presses, &key, &deed, usec), expected);
}

static bool knows(struct presses *presses, unsigned i, uint64_t usec)
{
    struct press_key key = { 0 };

    (void)snprintf(key.text, sizeof(key.text), "press-%u", i);
    return presses_find(presses, &key, usec);
}

static void test_bounds(_unused_ void **state)
{
    const struct outcome outcome = { .success = true };
    struct presses *presses = NULL;
    struct memory *memory = NULL;
    char unit[64];

    assert_int_equal(memory_new(NULL, "presses", PRESSES_MAX, &memory), 0);
    assert_int_equal(presses_new(memory, 0, &presses), 0);
    /* Of one unit: the eldest goes, but none whose job runs. */
    for (unsigned i = 0; i < PRESSES_UNIT_MAX; i++)
        note(presses, i, "a@0.service", 1 + i / 2, 1000 + i, 0);
    note(presses, 900, "a@0.service", 99, 2000, PRESS_E_FULL);
    presses_over(presses, 2, &outcome);
    note(presses, 900, "a@0.service", 99, 2000, 0);
    assert_true(knows(presses, 0, 2000) && knows(presses, 1, 2000) && knows(presses, 3, 2000));
    assert_false(knows(presses, 2, 2000));
    /* Of all. */
    for (unsigned i = PRESSES_UNIT_MAX; i < PRESSES_MAX; i++) {
        (void)snprintf(unit, sizeof(unit), "a@%u.service", i);
        note(presses, i, unit, 1000, 3000 + i, 0);
    }
    presses_over(presses, 1000, &outcome);
    note(presses, 901, "b@1.service", 1001, 9000, 0);
    assert_false(knows(presses, 3, 9000) && knows(presses, PRESSES_UNIT_MAX, 9000));
    /* Its time. */
    assert_true(knows(presses, PRESSES_MAX - 1, 3000 + PRESSES_MAX - 1 + PRESS_USEC));
    assert_false(knows(presses, PRESSES_MAX - 1, 3000 + PRESSES_MAX + PRESS_USEC));
    assert_true(knows(presses, 901, 9000 + 2 * PRESS_USEC)); /* its job still runs */
    presses_free(presses);
    memory_free(memory);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_again_while_it_runs, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_at_once, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_again_afterwards, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_verdict, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_refusal_is_not_remembered, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_unknown_is_remembered, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_again_after_the_deadline, set_up_impatient, tear_down),
        cmocka_unit_test_setup_teardown(test_other_unit, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_two_units_at_once, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_no_place_for_a_press, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_presses_of_a_watch, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_callers_are_told_apart, set_up, tear_down),
        cmocka_unit_test(test_shares),
        cmocka_unit_test(test_bounds),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
