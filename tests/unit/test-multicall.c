/* system.multicall in the broker: its calls begin in their order, restarts go on side by side, each ends as
 * if it had come by itself, and has no more of anything than if it had. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "broker/calls/places.h"
#include "common/refusal.h"
#include "common/rpc/wire-call.h"
#include "tests/unit/broker-world.h"
#include "tests/unit/multicall-values.h"
#include "tests/unit/rpc-values.h"
#include "tests/unit/test.h"

enum { WEB, CLIENTS, PROXY };

static const char POLICY[] = "[Grant]\nUnit=a@.service\nInstances=[0-9]*\nVerbs=restart\n";

static int set_up(void **state)
{
    return broker_set_up(state, POLICY, NULL);
}

static struct call *begin_all(struct broker_world *w, size_t gate, size_t i, xmlrpc_value *params)
{
    return begin_with(w, gate, i, "system.multicall", params);
}

static xmlrpc_value *answer_of(struct broker_world *w, size_t gate, xmlrpc_value *params)
{
    struct call *call = begin_all(w, gate, 0, params);

    wait_for(w, call);
    assert_non_null(call->response.value);
    return call->response.value;
}

static void wait_for_described(struct broker_world *w, const char *expected)
{
    char text[256];

    do {
        turn(w);
        broker_describe(w->broker, text, sizeof(text));
    } while (!strstr(text, expected));
}

static void assert_told(xmlrpc_value *value, const char *key, const char *expected)
{
    char *text = NULL;

    assert_true(rpc_get_string(value, key, &text));
    assert_string_equal(text, expected);
    free(text);
}

static void add_restarts(xmlrpc_value *params, unsigned first, unsigned n)
{
    char unit[32];

    for (unsigned i = first; i < first + n; i++) {
        (void)snprintf(unit, sizeof(unit), "a@%u.service", i);
        multicall_call(params, "restarter.restart", unit);
    }
}

static void test_nothing_in_it(void **state)
{
    assert_int_equal(rpc_array_size(answer_of(*state, CLIENTS, multicall_new())), 0);
}

/* Each in its place, at each door. */
static void test_each_its_own(void **state)
{
    struct broker_world *w = *state;

    for (size_t gate = 0; gate < DOORS; gate++) {
        xmlrpc_value *params = multicall_new(), *answer;

        multicall_call(params, "restarter.status", "a@1.service");
        multicall_call(params, "restarter.restart", "b@1.service");
        multicall_call(params, "restart_unit", "b@1.service");
        multicall_call(params, "restarter.stop", "a@1.service");
        multicall_call(params, "restarter.status", NULL);
        multicall_add(params, rpc_string_new("restarter.list"));
        multicall_call(params, "restarter.list", NULL);
        multicall_call(params, "system.multicall", NULL);
        multicall_call(params, "restarter.changes", NULL);
        multicall_call(params, "system.methodHelp", "restart_unit");
        answer = answer_of(w, gate, params);
        assert_int_equal(rpc_array_size(answer), 10);
        assert_told(multicall_value(answer, 0), "unit", "a@1.service");
        assert_int_equal(multicall_fault(answer, 1, "Nothing was restarted"), REFUSAL_NO_GRANT);
        assert_int_equal(rpc_struct_size(multicall_value(answer, 2)), 2);
        assert_int_equal(multicall_fault(answer, 3, NULL), RPC_FAULT_METHOD);
        assert_int_equal(multicall_fault(answer, 4, NULL), RPC_FAULT_PARAMS);
        assert_int_equal(multicall_fault(answer, 5, NULL), RPC_FAULT_REQUEST);
        assert_told(multicall_value(answer, 6), "policy_error", "");
        assert_int_equal(multicall_fault(answer, 7, NULL), RPC_FAULT_REQUEST);
        assert_int_equal(multicall_fault(answer, 8, NULL), RPC_FAULT_REQUEST);
        assert_int_equal(multicall_fault(answer, 9, NULL), 0);
    }
    assert_int_equal(w->fake.n_restarts, 0);
    assert_described(w, ", 6 refused,");
}

/* A list that others share is not taken from them, and not from those that follow. */
static void test_lists(void **state)
{
    struct broker_world *w = *state;
    struct call *alone = ask(w, "restarter.list", NULL);
    xmlrpc_value *params = multicall_new(), *answer;

    assert_non_null(alone->response.value);
    for (unsigned i = 0; i < WIRE_PARTS_MAX; i++)
        multicall_call(params, "restarter.list", NULL);
    answer = answer_of(w, CLIENTS, params);
    for (unsigned i = 0; i < WIRE_PARTS_MAX; i++)
        assert_told(multicall_value(answer, i), "policy_error", "");
    assert_non_null(ask(w, "restarter.list", NULL)->response.value);
}

/* None waits for another one's end, and the answer comes when the last one has ended. */
static void test_side_by_side(void **state)
{
    struct broker_world *w = *state;
    xmlrpc_value *params = multicall_new();
    struct call *call;

    add_restarts(params, 1, 3);
    multicall_call(params, "restarter.status", "a@1.service");
    call = begin_all(w, CLIENTS, 0, params);
    while (w->fake.n_restarts < 3)
        turn(w);
    fake_job_removed_by(&w->fake, FAKE_PID1, 3, "done");
    fake_job_removed_by(&w->fake, FAKE_PID1, 1, "failed");
    fake_settle(&w->fake, 50);
    turn(w);
    assert_false(call->done);
    fake_job_removed_by(&w->fake, FAKE_PID1, 2, "done");
    wait_for(w, call);
    assert_told(multicall_value(call->response.value, 0), "result", "failed");
    assert_told(multicall_value(call->response.value, 1), "result", "done");
    assert_told(multicall_value(call->response.value, 2), "result", "done");
    assert_told(multicall_value(call->response.value, 2), "unit", "a@3.service");
    assert_described(w, " 3 restarts,");
}

/* The same unit twice is one job, as it is for two callers. */
static void test_the_same_twice(void **state)
{
    struct broker_world *w = *state;
    xmlrpc_value *params = multicall_new();
    struct call *call;
    int callers = 0;

    add_restarts(params, 1, 1);
    add_restarts(params, 1, 1);
    call = begin_all(w, CLIENTS, 0, params);
    while (w->fake.n_restarts == 0)
        turn(w);
    fake_job_ends(&w->fake, "done");
    wait_for(w, call);
    assert_int_equal(w->fake.n_restarts, 1);
    for (unsigned i = 0; i < 2; i++)
        assert_true(rpc_get_int(multicall_value(call->response.value, i), "callers", &callers) &&
                    callers == 2);
}

/* The jobs go on, and each is told to the record; nobody is written to who is not there. */
static void test_who_hangs_up(void **state)
{
    struct broker_world *w = *state;
    xmlrpc_value *params = multicall_new();
    struct call *call;

    add_restarts(params, 1, 2);
    multicall_call(params, "restarter.status", "b@1.service");
    multicall_call(params, "restarter.list", NULL);
    call = begin_all(w, CLIENTS, 0, params);
    while (w->fake.n_restarts < 2)
        turn(w);
    call->client = rpc_client_call_free(call->client);
    while (broker_pending(w->broker) > 0)
        turn(w);
    fake_job_removed_by(&w->fake, FAKE_PID1, 1, "done");
    fake_job_removed_by(&w->fake, FAKE_PID1, 2, "done");
    wait_for_described(w, " 2 restarts,");
    assert_non_null(ask(w, "restarter.status", "a@1.service")->response.value);
}

/* So many are remembered for the record's sake, and those after them are not: the jobs go on all the same. */
static void test_many_hang_up(void **state)
{
    struct broker_world *w = *state;

    for (unsigned i = 0; i < 2; i++) {
        xmlrpc_value *params = multicall_new();
        struct call *call;

        add_restarts(params, 40 * i, WIRE_PARTS_MAX);
        call = begin_all(w, WEB, i, params);
        while (w->fake.n_restarts < (i + 1) * WIRE_PARTS_MAX)
            turn(w);
        call->client = rpc_client_call_free(call->client);
        while (broker_pending(w->broker) > 0)
            turn(w);
    }
    assert_described(w, "64 jobs running, 0 restarts,");
    for (unsigned job = 1; job <= 2 * WIRE_PARTS_MAX; job++)
        fake_job_removed_by(&w->fake, FAKE_PID1, job, "done");
    wait_for_described(w, "0 jobs running, 32 restarts,");
}

/* --- places --- */

/* One person has no more places with one call of many than with many calls, and others have theirs. */
static void test_own_share(void **state)
{
    struct broker_world *w = *state;
    xmlrpc_value *params = multicall_new();
    struct call *call, *other;
    unsigned n_busy = 0;

    add_restarts(params, 0, WIRE_PARTS_MAX);
    call = begin_all(w, PROXY, 0, params);
    while (w->fake.n_restarts < PLACES_OWN_RESTARTS)
        turn(w);
    w->callers[PROXY].user = "bert";
    other = begin_at(w, PROXY, 1, "restarter.restart", "a@99.service");
    while (w->fake.n_restarts < PLACES_OWN_RESTARTS + 1)
        turn(w);
    for (unsigned job = 1; job <= PLACES_OWN_RESTARTS + 1; job++)
        fake_job_removed_by(&w->fake, FAKE_PID1, job, "done");
    wait_for(w, call);
    wait_for(w, other);
    assert_truth(other, "success", true);
    for (unsigned i = 0; i < WIRE_PARTS_MAX; i++)
        n_busy += multicall_fault(call->response.value, i, NULL) == REFUSAL_BUSY;
    assert_int_equal(n_busy, WIRE_PARTS_MAX - PLACES_OWN_RESTARTS);
    assert_int_equal(multicall_fault(call->response.value, WIRE_PARTS_MAX - 1, "Nothing was restarted"),
                     REFUSAL_BUSY);
}

/* A crowd's calls of many leave a place for one honest click, as its single ones do. */
static void test_a_crowd(void **state)
{
    struct broker_world *w = *state;
    struct call *click;
    char name[16];

    for (unsigned i = 0; i < CALLS - 1; i++) {
        xmlrpc_value *params = multicall_new();

        (void)snprintf(name, sizeof(name), "stranger%u", i);
        w->callers[PROXY].user = name;
        for (unsigned n = 0; n < WIRE_PARTS_MAX; n++)
            add_restarts(params, 7, 1);
        (void)begin_all(w, PROXY, i, params);
    }
    while (w->fake.n_restarts == 0)
        turn(w);
    fake_settle(&w->fake, 20);
    w->callers[PROXY].user = "anna";
    click = begin_at(w, PROXY, CALLS - 1, "restarter.restart", "a@1.service");
    while (w->fake.n_restarts < 2)
        turn(w);
    fake_job_removed_by(&w->fake, FAKE_PID1, 1, "done");
    fake_job_removed_by(&w->fake, FAKE_PID1, 2, "done");
    wait_for(w, click);
    assert_truth(click, "success", true);
    for (unsigned i = 0; i < CALLS - 1; i++)
        wait_for(w, &w->calls[i]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_nothing_in_it, set_up, broker_tear_down),
        cmocka_unit_test_setup_teardown(test_each_its_own, set_up, broker_tear_down),
        cmocka_unit_test_setup_teardown(test_lists, set_up, broker_tear_down),
        cmocka_unit_test_setup_teardown(test_side_by_side, set_up, broker_tear_down),
        cmocka_unit_test_setup_teardown(test_the_same_twice, set_up, broker_tear_down),
        cmocka_unit_test_setup_teardown(test_who_hangs_up, set_up, broker_tear_down),
        cmocka_unit_test_setup_teardown(test_many_hang_up, set_up, broker_tear_down),
        cmocka_unit_test_setup_teardown(test_own_share, set_up, broker_tear_down),
        cmocka_unit_test_setup_teardown(test_a_crowd, set_up, broker_tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
