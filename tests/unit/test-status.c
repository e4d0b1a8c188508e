/* What restarter.status tells beyond the state: what the unit is called and says of itself, how it ended,
 * when it may be started again, and what whoever asks may do. */
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "common/cleanup.h"
#include "common/clock.h"
#include "common/rpc/wire.h"
#include "common/verb.h"
#include "tests/unit/broker-world.h"
#include "tests/unit/test.h"

#define POLICY                                                                                               \
    "[Grant]\nUnit=a@.service\nInstances=[0-9]\nVerbs=restart reload\nUsers=yves\nLogs=yes\nConfirm=no\n"    \
    "Reason=required\n"                                                                                      \
    "[Grant]\nUnit=a@.service\nInstances=[0-9]\nVerbs=try-restart\nUsers=zoe\n"

enum { PROXY = 2 };

static int set_up(void **state)
{
    return broker_set_up(state, POLICY, NULL);
}

static struct wire_status *status(struct broker_world *w, const char *user, struct wire_answer *ret)
{
    xmlrpc_mem_block *block;
    struct call *call;

    w->callers[PROXY].user = user;
    call = begin_at(w, PROXY, 0, "restarter.status", "a@1.service");
    wait_for(w, call);
    assert_non_null(call->response.value);
    block = rpc_response_serialize(call->response.value);
    wire_answer_done(ret);
    assert_int_equal(wire_answer_parse(WIRE_STATUS, XMLRPC_MEMBLOCK_CONTENTS(char, block),
                                       XMLRPC_MEMBLOCK_SIZE(char, block), ret),
                     0);
    rpc_block_free(block);
    return &ret->status;
}

static void test_terms(void **state)
{
    _cleanup_(wire_answer_done) struct wire_answer answer = { 0 };
    struct broker_world *w = *state;
    const struct wire_status *s;

    w->fake.can_reload = true;
    s = status(w, "yves", &answer);
    assert_int_equal(s->verbs, VERB_RESTART | VERB_RELOAD);
    assert_true(s->can_reload && s->logs && !s->confirm);
    assert_string_equal(s->reason, "required");
    s = status(w, "zoe", &answer);
    assert_int_equal(s->verbs, VERB_TRY_RESTART);
    assert_true(!s->can_reload && !s->logs && s->confirm);
    assert_string_equal(s->reason, "");
    /* What does not run cannot be reloaded. */
    w->fake.active_state = "failed";
    assert_false(status(w, "yves", &answer)->can_reload);
}

/* Anybody's words, fit to be shown, and not too many. */
static void test_texts(void **state)
{
    _cleanup_(wire_answer_done) struct wire_answer answer = { 0 };
    struct broker_world *w = *state;
    static char long_one[1000];
    const struct wire_status *s = status(w, "zoe", &answer);

    assert_string_equal(s->status_text, "");
    w->fake.text = "\x1b[2J<b>&\xe2\x80\xae\n\xc3\xa9";
    s = status(w, "zoe", &answer);
    assert_string_equal(s->status_text, "?[2J<b>&? \xc3\xa9");
    assert_string_equal(s->description, s->status_text);
    memset(long_one, 'x', sizeof(long_one) - 1);
    w->fake.text = long_one;
    assert_int_equal(strlen(status(w, "zoe", &answer)->status_text), 200);
}

static void test_how_it_ended(void **state)
{
    static const struct {
        int code;
        const char *word;
    } CASES[] = {
        { 0, "" },  { CLD_EXITED, "exited" }, { CLD_KILLED, "killed" }, { CLD_DUMPED, "dumped" }, { 99, "" },
        { -1, "" },
    };
    struct broker_world *w = *state;

    for (size_t i = 0; i < sizeof(CASES) / sizeof(*CASES); i++) {
        _cleanup_(wire_answer_done) struct wire_answer answer = { 0 };

        w->fake.exec_main_code = CASES[i].code;
        assert_string_equal(status(w, "zoe", &answer)->exec_main_code, CASES[i].word);
    }
}

static void test_start_limit(void **state)
{
    _cleanup_(wire_answer_done) struct wire_answer answer = { 0 };
    struct broker_world *w = *state;

    assert_int_equal(status(w, "zoe", &answer)->start_limit_seconds, 0);
    w->fake.limit_burst = 1;
    w->fake.limit_interval_usec = 1000 * USEC_PER_SEC;
    w->fake.last_start_usec = clock_usec();
    assert_in_range(status(w, "zoe", &answer)->start_limit_seconds, 900, 1001);
    w->fake.limit_burst = 2;
    assert_int_equal(status(w, "zoe", &answer)->start_limit_seconds, 0);
    /* By systemd's own word, however many were counted; and that was long ago. */
    w->fake.result = "start-limit-hit";
    assert_int_equal(status(w, "zoe", &answer)->start_limit_seconds, 0);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, broker_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_terms),
        TEST(test_texts),
        TEST(test_how_it_ended),
        TEST(test_start_limit),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
