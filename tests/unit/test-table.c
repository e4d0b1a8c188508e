/* The list is kept, and true: PID 1 is asked once, and what it tells of changes is in the next list; whatever
 * may have been missed has it asked again. */
#include "broker/table/table.h"

#include <stdlib.h>
#include <string.h>

#include "common/cleanup.h"
#include "common/clock.h"
#include "common/rpc/wire.h"
#include "tests/unit/broker-world.h"
#include "tests/unit/changes-calls.h"
#include "tests/unit/test.h"

/* Of what fake PID 1 lists these are two that are loaded, and one that has a file. */
#define POLICY "[Grant]\nUnit=a@.service\nInstances=[0-9]\nVerbs=restart reload\n"
enum { LOADED = 2, LISTED = 3, GETS = 4, FLOOD = 5000 };

static int set_up(void **state)
{
    int r = broker_set_up(state, POLICY, NULL);
    struct broker_world *w = *state;

    w->fake.file_state = "enabled";
    return r;
}

/* Asks for another part each time: what was encoded for somebody else is no answer. */
static struct wire_list *list(struct broker_world *w, struct wire_answer *ret)
{
    static int limit = 1;
    struct rpc_struct options = rpc_struct_begin();
    xmlrpc_value *params = rpc_array_new();
    xmlrpc_mem_block *block;
    struct call *call;

    limit = limit % 400 + 1;
    rpc_struct_int(&options, "limit", limit + LISTED);
    assert_true(rpc_array_append(params, rpc_struct_end(&options)));
    call = begin_with(w, 1, 0, "restarter.list", params);
    wait_for(w, call);
    assert_non_null(call->response.value);
    block = rpc_response_serialize(call->response.value);
    wire_answer_done(ret);
    assert_int_equal(wire_answer_parse(WIRE_LIST, XMLRPC_MEMBLOCK_CONTENTS(char, block),
                                       XMLRPC_MEMBLOCK_SIZE(char, block), ret),
                     0);
    rpc_block_free(block);
    return &ret->list;
}

static void assert_asked(const struct broker_world *w, unsigned lists, unsigned gets)
{
    assert_int_equal(w->fake.n_lists, lists);
    assert_int_equal(w->fake.n_gets, gets);
}

static void assert_row(const struct wire_list *list, size_t i, const char *unit, const char *group)
{
    assert_true(i < list->n_instances);
    assert_string_equal(list->instances[i].unit, unit);
    assert_string_equal(list->instances[i].group, group);
}

static void test_asked_once(void **state)
{
    _cleanup_(wire_answer_done) struct wire_answer answer = { 0 };
    struct broker_world *w = *state;

    for (int i = 0; i < 5; i++) {
        const struct wire_list *all = list(w, &answer);

        assert_int_equal(all->n_instances, LISTED);
        assert_int_equal(all->instances[0].since, 1700000000);
        assert_string_equal(all->instances[0].service_result, "success");
        assert_true(all->instances[0].confirm);
        /* The one with a file alone. */
        assert_row(all, 2, "a@7.service", "stopped");
        assert_int_equal(all->instances[2].since, 0);
        assert_true(all->instances[2].enabled);
    }
    assert_asked(w, 1, LOADED * GETS);
}

static void test_what_is_told_is_in_it(void **state)
{
    _cleanup_(wire_answer_done) struct wire_answer answer = { 0 };
    struct broker_world *w = *state;
    const struct wire_list *all;

    (void)list(w, &answer);
    w->fake.result = "signal";
    fake_changed_by(&w->fake, FAKE_PID1, "a@2.service", "Result");
    fake_moved_by(&w->fake, FAKE_PID1, "a@2.service", "failed", "failed", 0);
    fake_settle(&w->fake, 10);
    all = list(w, &answer);
    assert_row(all, 0, "a@2.service", "failed");
    assert_string_equal(all->instances[0].service_result, "signal");
    assert_int_equal(all->failed, 1);
    fake_moved_by(&w->fake, FAKE_PID1, "a@2.service", "activating", "auto-restart", 0);
    fake_settle(&w->fake, 10);
    all = list(w, &answer);
    assert_row(all, 0, "a@2.service", "restarting");
    assert_int_equal(all->failed, 0);
    assert_int_equal(all->restarting, 1);
    assert_asked(w, 1, LOADED * GETS);
}

/* Nobody else's word is taken, and what is said of others costs nothing. */
static void test_what_others_tell(void **state)
{
    _cleanup_(wire_answer_done) struct wire_answer answer = { 0 };
    struct broker_world *w = *state;

    (void)list(w, &answer);
    fake_moved_by(&w->fake, FAKE_STRANGER, "a@2.service", "failed", "failed", 0);
    fake_loaded_by(&w->fake, FAKE_STRANGER, "a@9.service", true);
    fake_loaded_by(&w->fake, FAKE_STRANGER, "a@1.service", false);
    fake_moved_by(&w->fake, FAKE_PID1, "b@1.service", "failed", "failed", 0);
    fake_loaded_by(&w->fake, FAKE_PID1, "a@x.service", true);
    fake_settle(&w->fake, 10);
    assert_row(list(w, &answer), 0, "a@1.service", "running");
    assert_int_equal(answer.list.failed, 0);
    assert_asked(w, 1, LOADED * GETS);
}

/* A unit that comes is asked about, since nothing is told of it but its name; what is known of the others is
 * believed. */
static void test_loaded_and_unloaded(void **state)
{
    _cleanup_(wire_answer_done) struct wire_answer answer = { 0 };
    struct broker_world *w = *state;

    (void)list(w, &answer);
    fake_loaded_by(&w->fake, FAKE_PID1, "a@9.service", true);
    fake_settle(&w->fake, 10);
    (void)list(w, &answer);
    assert_asked(w, 2, LOADED * GETS);
    fake_loaded_by(&w->fake, FAKE_PID1, "a@2.service", false);
    fake_settle(&w->fake, 10);
    assert_int_equal(list(w, &answer)->n_instances, LISTED - 1);
    assert_int_equal(answer.list.running, 1);
    assert_int_equal(answer.list.matching, LISTED - 1);
    assert_asked(w, 2, LOADED * GETS);
    fake_loaded_by(&w->fake, FAKE_PID1, "a@2.service", true);
    fake_settle(&w->fake, 10);
    assert_int_equal(list(w, &answer)->n_instances, LISTED);
    assert_int_equal(w->fake.n_lists, 3);
}

/* Told while PID 1's answers about the units are waited for: the list that was asked for before is answered,
 * and is true. */
static void test_told_meanwhile(void **state)
{
    _cleanup_(wire_answer_done) struct wire_answer answer = { 0 };
    struct broker_world *w = *state;
    struct call *call;
    xmlrpc_mem_block *block;

    w->fake.hold_gets = true;
    call = begin(w, 0, "restarter.list", NULL);
    wait_for_pending(w, 1, 1);
    fake_moved_by(&w->fake, FAKE_PID1, "a@2.service", "failed", "failed", 0);
    fake_settle(&w->fake, 10);
    w->fake.hold_gets = false;
    fake_answer_held(&w->fake);
    wait_for(w, call);
    block = rpc_response_serialize(call->response.value);
    assert_int_equal(wire_answer_parse(WIRE_LIST, XMLRPC_MEMBLOCK_CONTENTS(char, block),
                                       XMLRPC_MEMBLOCK_SIZE(char, block), &answer),
                     0);
    rpc_block_free(block);
    assert_row(&answer.list, 0, "a@2.service", "failed");
    assert_row(list(w, &answer), 0, "a@2.service", "failed");
    assert_int_equal(w->fake.n_lists, 1);
}

static void test_doubts(void **state)
{
    _cleanup_(wire_answer_done) struct wire_answer answer = { 0 };
    struct broker_world *w = *state;

    (void)list(w, &answer);
    /* Its files were read anew. */
    fake_reloading(&w->fake, false);
    fake_settle(&w->fake, 10);
    (void)list(w, &answer);
    assert_asked(w, 2, 2 * LOADED * GETS);
    (void)list(w, &answer);
    assert_asked(w, 2, 2 * LOADED * GETS);
    /* It was executed anew. */
    fake_owner_changed(&w->fake, FAKE_PID1, "");
    fake_owner_changed(&w->fake, "", FAKE_PID1);
    fake_settle(&w->fake, 10);
    (void)list(w, &answer);
    assert_asked(w, 3, 3 * LOADED * GETS);
    /* The connection was lost. */
    fake_hang_up(&w->fake);
    fake_settle(&w->fake, 300);
    (void)list(w, &answer);
    assert_asked(w, 4, 4 * LOADED * GETS);
}

/* Its cursor is where restarter.changes goes on. */
static void test_cursor(void **state)
{
    _cleanup_(wire_answer_done) struct wire_answer answer = { 0 };
    struct broker_world *w = *state;
    xmlrpc_value *units;
    struct call *call;

    assert_true(list(w, &answer)->cursor[0] != '\0');
    fake_moved_by(&w->fake, FAKE_PID1, "a@2.service", "failed", "failed", 0);
    call = begin_changes(w, 1, 0, answer.list.cursor, 20);
    wait_for(w, call);
    assert_truth(call, "whole", false);
    units = rpc_get(call->response.value, "units");
    assert_int_equal(rpc_array_size(units), 1);
    xmlrpc_DECREF(units);
    assert_string_equal(list(w, &answer)->instances[0].unit, "a@2.service");
    assert_int_equal(w->fake.n_lists, 1);
}

/* More changes than a broker should listen to in a second: from then on it asks again. */
static void test_a_flood(void **state)
{
    uint64_t began_usec = clock_usec();
    _cleanup_(wire_answer_done) struct wire_answer answer = { 0 };
    struct broker_world *w = *state;

    (void)list(w, &answer);
    for (unsigned i = 0; i < FLOOD; i++) {
        fake_moved_by(&w->fake, FAKE_PID1, "b@1.service", "active", "running", 0);
        if (i % 100 == 0)
            fake_settle(&w->fake, 1);
    }
    fake_settle(&w->fake, 10);
    (void)list(w, &answer);
    assert_true(clock_usec() - began_usec < USEC_PER_SEC);
    assert_int_equal(w->fake.n_lists, 2);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, broker_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_asked_once),       TEST(test_what_is_told_is_in_it),
        TEST(test_what_others_tell), TEST(test_loaded_and_unloaded),
        TEST(test_told_meanwhile),   TEST(test_doubts),
        TEST(test_cursor),           TEST(test_a_flood),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
