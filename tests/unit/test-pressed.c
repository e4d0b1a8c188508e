/* restarter.outcome: a press by its word alone. Under way, watched, over, refused after all, forgotten; to
 * whoever may see its unit, and to nobody else. */
#include "broker/jobs/pressed.h"

#include <stdio.h>
#include <stdlib.h>

#include "common/refusal.h"
#include "common/cleanup.h"
#include "tests/unit/broker-world.h"
#include "tests/unit/job-world.h"
#include "tests/unit/rpc-values.h"
#include "tests/unit/test.h"

#define PRESS "0123456789abcdef"

static const struct press_key ANYBODY = { .gate = 9, .person = "somebody", .text = PRESS };

static struct caller *press(struct world *w, unsigned i, const char *user, uint64_t settle_usec)
{
    const struct job_request request = {
        .unit = UNIT, .verb = VERB_RESTART, .grant = "policy.conf:1", .settle_usec = settle_usec
    };
    struct job_caller as = { .settle_usec = JOB_SETTLE_OWN, .user = user };

    (void)snprintf(as.press.person, sizeof(as.press.person), "%s", user);
    (void)snprintf(as.press.text, sizeof(as.press.text), "%s%s", PRESS, i > 0 ? user : "");
    return ask_for(w, i, &request, &as);
}

static void recall(const struct world *w, const char *text, struct outcome *ret)
{
    struct press_key key = ANYBODY;

    (void)snprintf(key.text, sizeof(key.text), "%s", text);
    assert_true(pressed_recall(w->jobs, &key, ret));
    assert_string_equal(ret->unit, UNIT);
}

static void test_on_its_way(void **state)
{
    struct world *w = *state;
    struct outcome o;

    assert_false(pressed_recall(w->jobs, &ANYBODY, &o));
    (void)press(w, 0, "anna", 0);
    recall(w, PRESS, &o); /* before anything was asked of systemd */
    assert_int_equal(o.verdict, VERDICT_UNDER_WAY);
    assert_non_null(strstr(o.sentence, "waits for its turn"));
    settle(w);
    recall(w, PRESS, &o);
    assert_int_equal(o.verdict, VERDICT_UNDER_WAY);
    assert_int_equal(o.refusal, 0);
    assert_false(o.success);
    assert_non_null(strstr(o.sentence, "is being restarted"));
    fake_job_ends(&w->fake, "done");
    settle(w);
    recall(w, PRESS, &o);
    assert_int_equal(o.verdict, VERDICT_UP);
    assert_string_equal(o.sentence, w->callers[0].outcome.sentence);
}

static void test_watched(void **state)
{
    struct world *w = *state;
    struct outcome o;

    (void)press(w, 0, "anna", 60 * USEC_PER_SEC);
    settle(w);
    fake_job_ends(&w->fake, "done");
    settle(w);
    recall(w, PRESS, &o);
    assert_int_equal(o.verdict, VERDICT_WATCHING);
    assert_true(o.success);
    assert_non_null(strstr(o.sentence, "is being watched for"));
}

/* Who presses while it is under way is told whose press it was; who pressed first is not covered. */
static void test_covered(void **state)
{
    struct world *w = *state;
    struct caller *first = press(w, 0, "anna", 0), *second;
    struct outcome o;

    settle(w);
    second = press(w, 1, "bob", 0);
    recall(w, PRESS "bob", &o);
    assert_true(o.covered);
    assert_string_equal(o.began_by, "anna");
    settle(w);
    fake_job_ends(&w->fake, "done");
    settle(w);
    assert_false(first->outcome.covered);
    assert_true(second->outcome.covered);
    assert_string_equal(second->outcome.began_by, "anna");
    recall(w, PRESS "bob", &o);
    assert_true(o.covered);
    assert_int_equal(o.callers, 2);
    recall(w, PRESS, &o);
    assert_false(o.covered);
    /* Asked again by the same press he is told the same. */
    second = press(w, 1, "bob", 0);
    assert_true(second->outcome.repeated && second->outcome.covered);
}

static void test_own_before_others(_unused_ void **state)
{
    const struct press_deed deed = { .unit = UNIT, .verb = VERB_RESTART, .serial = 1 };
    struct press_key first = ANYBODY, own = ANYBODY, other = ANYBODY;
    struct presses *presses = NULL;
    struct memory *memory = NULL;

    first.uid = 1;
    own.uid = 2;
    other.uid = 3;
    assert_int_equal(memory_new(NULL, "presses", PRESSES_MAX, &memory), 0);
    assert_int_equal(presses_new(memory, 0, &presses), 0);
    assert_int_equal(presses_note(presses, &own, &deed, 2000), 0);
    assert_int_equal(presses_note(presses, &first, &deed, 1000), 0);
    assert_int_equal(presses_recall(presses, &own, 3000)->key.uid, own.uid);
    assert_int_equal(presses_recall(presses, &other, 3000)->key.uid, first.uid);
    presses_over(presses, 1, &(struct outcome){ .success = true });
    assert_non_null(presses_recall(presses, &own, PRESS_USEC + 2000));
    assert_null(presses_recall(presses, &own, PRESS_USEC + 2001));
    presses_free(presses);
    memory_free(memory);
}

/* Whoever had asked is gone, and comes to look. */
static void test_refused_after_he_left(_unused_ void **state)
{
    struct outcome refusal = { .unit = UNIT, .verb = VERB_RESTART, .refusal = REFUSAL_POLKIT };
    struct presses *presses = NULL;
    struct press_key key = ANYBODY;
    struct memory *memory = NULL;

    assert_int_equal(memory_new(NULL, "presses", PRESSES_MAX, &memory), 0);
    assert_int_equal(presses_new(memory, 0, &presses), 0);
    presses_note_refusal(presses, &key, &refusal, 1000);
    assert_int_equal(presses_recall(presses, &key, 2000)->outcome.refusal, REFUSAL_POLKIT);
    assert_null(presses_find(presses, &key, 2000)); /* it can be asked anew */
    assert_null(presses_recall(presses, &key, PRESS_USEC + 2000));
    for (unsigned i = 0; i < PRESSES_REFUSED_MAX; i++) {
        (void)snprintf(key.text, sizeof(key.text), "another-%u", i);
        presses_note_refusal(presses, &key, &refusal, 3000);
    }
    assert_null(presses_recall(presses, &ANYBODY, 4000));
    presses_free(presses);
    memory_free(memory);
}

/* --- by its method --- */

enum { WEB, CLIENTS, PROXY };

static const char POLICY[] = "[Grant]\nUnit=a@.service\nInstances=[0-9]\nVerbs=restart\nUsers=anna bob\n"
                             "[Grant]\nUnit=other.service\nVerbs=restart\nUsers=carol\n";

static int set_up_broker(void **state)
{
    return broker_set_up(state, POLICY, NULL);
}

static struct call *ask_outcome(struct broker_world *w, const char *who, const char *text)
{
    struct call *call;

    w->callers[PROXY].user = who;
    call = begin_at(w, PROXY, 7, "restarter.outcome", text);
    wait_for(w, call);
    return call;
}

static void press_as(struct broker_world *w, size_t i, const char *who)
{
    char text[64];

    (void)snprintf(text, sizeof(text), "%s%s", PRESS, who);
    w->callers[PROXY].user = who;
    (void)begin_press(w, PROXY, i, "a@1.service", text);
    wait_for_pending(w, (unsigned)i + 1, 0);
    for (int n = 0; w->fake.n_restarts == 0 && n < 5000; n++)
        turn(w);
}

/* Somebody else is told the same as of a press that never was, and systemd is asked nothing. */
static void test_for_whom(void **state)
{
    struct broker_world *w = *state;
    _cleanup_(freep) char *hidden = NULL, *unknown = NULL;
    unsigned n_gets;

    press_as(w, 0, "anna");
    n_gets = w->fake.n_gets;
    assert_member(ask_outcome(w, "anna", PRESS "anna"), "verdict", "under-way");
    assert_member(ask_outcome(w, "bob", PRESS "anna"), "verdict", "under-way");
    assert_member(ask_outcome(w, "bob", PRESS "anna"), "began_by", "anna");
    assert_fault(ask_outcome(w, "carol", PRESS "anna"), REFUSAL_NO_PRESS);
    hidden = strdup(w->calls[7].response.fault_string);
    assert_fault(ask_outcome(w, "carol", "no-such-press"), REFUSAL_NO_PRESS);
    unknown = strdup(w->calls[7].response.fault_string);
    assert_string_equal(hidden, unknown);
    assert_fault(ask_outcome(w, "anna", "no-such-press"), REFUSAL_NO_PRESS);
    assert_fault(ask_outcome(w, "anna", "short"), RPC_FAULT_PARAMS);
    assert_int_equal(w->fake.n_gets, n_gets);
    fake_job_ends(&w->fake, "done");
    wait_for(w, &w->calls[0]);
    assert_member(ask_outcome(w, "bob", PRESS "anna"), "result", "done");
    assert_fault(ask_outcome(w, "carol", PRESS "anna"), REFUSAL_NO_PRESS);
}

/* Whom a unit was last restarted by is who began it, whoever has joined him, and however many were told. */
static void test_by_whom(void **state)
{
    struct broker_world *w = *state;
    struct call *call;

    press_as(w, 0, "anna");
    press_as(w, 1, "bob");
    press_as(w, 2, "bob");
    fake_job_ends(&w->fake, "done");
    for (size_t i = 0; i < 3; i++)
        wait_for(w, &w->calls[i]);
    assert_truth(&w->calls[1], "covered", true);
    w->callers[PROXY].user = "bob";
    call = begin_at(w, PROXY, 7, "restarter.status", "a@1.service");
    wait_for(w, call);
    assert_member(call, "restarted_by", "anna");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_on_its_way, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_watched, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_covered, set_up, tear_down),
        cmocka_unit_test(test_own_before_others),
        cmocka_unit_test(test_refused_after_he_left),
        cmocka_unit_test_setup_teardown(test_for_whom, set_up_broker, broker_tear_down),
        cmocka_unit_test_setup_teardown(test_by_whom, set_up_broker, broker_tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
