/* What the broker answers to each method, and what becomes of calls when it ends. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "broker/calls/method-status.h"
#include "broker/systemd/unit-state.h"
#include "common/clock.h"
#include "common/refusal.h"
#include "common/rpc/wire-call.h"
#include "tests/unit/broker-world.h"
#include "tests/unit/rpc-values.h"
#include "tests/unit/test.h"

static const char POLICY[] = "[Grant]\nUnit=a@.service\nInstances=[0-9]\nVerbs=restart\n";

static int set_up(void **state)
{
    return broker_set_up(state, POLICY, NULL);
}

static int set_up_broken(void **state)
{
    return broker_set_up(state, "[Grant]\nUnit=a@.service\nColour=red\n", NULL);
}

static int set_up_closed(void **state)
{
    return broker_set_up(state, POLICY, "no-such-group");
}

/* --- methods --- */

static void test_restart(void **state)
{
    struct broker_world *w = *state;

    for (size_t gate = 0; gate < DOORS; gate++) {
        struct call *call = begin_at(w, gate, 0, "restarter.restart", "1");
        int milliseconds = -1;
        char expected[32];

        while (w->fake.n_restarts <= gate)
            turn(w);
        fake_job_ends(&w->fake, "done");
        wait_for(w, call);
        assert_truth(call, "success", true);
        assert_member(call, "unit", "a@1.service");
        assert_member(call, "verb", "restart");
        assert_member(call, "result", "done");
        assert_member(call, "active_state", "active");
        assert_member(call, "invocation_id_before", "01ff");
        assert_true(rpc_get_int(call->response.value, "milliseconds", &milliseconds));
        assert_true(milliseconds >= 0);
        (void)snprintf(expected, sizeof(expected), " %zu restart%s,", gate + 1, gate == 0 ? "" : "s");
        assert_described(w, expected);
    }
}

static void test_plain_restart(void **state)
{
    struct broker_world *w = *state;
    struct call *call = begin(w, 0, "restart_unit", "a@1.service");

    while (w->fake.n_restarts == 0)
        turn(w);
    fake_job_ends(&w->fake, "failed");
    wait_for(w, call);
    assert_truth(call, "success", false);
    assert_int_equal(call->answer.refusal, 0);
    /* A refusal is no fault here, and its code stands beside it. */
    call = ask(w, "restart_unit", "b@1.service");
    assert_truth(call, "success", false);
    assert_int_equal(call->answer.refusal, REFUSAL_NO_GRANT);
    call = ask(w, "restart_unit", "\n");
    assert_truth(call, "success", false);
    assert_int_equal(call->answer.refusal, REFUSAL_NAME);
    assert_described(w, ", 2 refused,");
}

static void test_refusals(void **state)
{
    const struct {
        const char *method, *parameter;
        int code;
    } cases[] = {
        { "restarter.restart", "b@1.service", REFUSAL_NO_GRANT },
        { "restarter.restart", "a@x.service", REFUSAL_NO_GRANT },
        { "restarter.restart", "../../1", REFUSAL_NAME },
        { "restarter.restart", "", REFUSAL_NAME },
        { "restarter.status", "b@1.service", REFUSAL_NO_GRANT },
        { "restarter.status", "a@1.socket", REFUSAL_NAME },
        { "restarter.restart", NULL, RPC_FAULT_PARAMS },
        { "restart_unit", NULL, RPC_FAULT_PARAMS },
        { "restarter.list", "a@1.service", RPC_FAULT_PARAMS },
        { "system.listMethods", "x", RPC_FAULT_PARAMS },
        { "restarter.stop", "a@1.service", RPC_FAULT_METHOD },
        { "system.shutdown", "now", RPC_FAULT_METHOD },
    };
    struct broker_world *w = *state;

    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
        assert_fault(ask(w, cases[i].method, cases[i].parameter), cases[i].code);
    assert_int_equal(w->fake.n_restarts + w->fake.n_gets + w->fake.n_lists, 0);
}

/* Where the mistake is, is for admins: of a policy without one that is root, at the door for scripts. */
static void test_broken_policy(void **state)
{
    static const char expected[] = "/policy.conf:3: ";
    struct broker_world *w = *state;
    struct call *call;
    char *error = NULL;

    call = ask(w, "restarter.restart", "1");
    assert_fault(call, REFUSAL_POLICY_FILE);
    assert_int_equal(strstr(call->response.fault_string, expected) != NULL, geteuid() == 0);
    call = ask(w, "restarter.list", NULL);
    assert_truth(call, "policy_ok", false);
    assert_true(rpc_get_string(call->response.value, "policy_error", &error));
    assert_int_equal(strstr(error, expected) != NULL, geteuid() == 0);
    if (geteuid() != 0)
        assert_non_null(strstr(
            error, "journal of restarter-broker.service says where the mistake in the policy file is"));
    free(error);
    assert_described(w, ", the policy file is broken, nothing is granted");
    assert_int_equal(w->fake.n_lists, 0);
}

static void test_status(void **state)
{
    struct broker_world *w = *state;
    struct call *call = ask(w, "restarter.status", "1");
    int since = 0;

    assert_member(call, "unit", "a@1.service");
    assert_member(call, "load_state", "loaded");
    assert_member(call, "enabled", "disabled");
    assert_true(rpc_get_int(call->response.value, "since", &since));
    assert_int_equal(since, 1700000000);
    w->fake.load_state = "not-found";
    assert_fault(ask(w, "restarter.status", "1"), REFUSAL_NO_UNIT);
}

/* However many ask, few bundles of calls are at systemd; the others wait their turn, and get their own
 * answer. */
static void test_few_states_are_read_at_once(void **state)
{
    struct broker_world *w = *state;
    char id[2] = "0", unit[] = "a@0.service";

    w->fake.hold_gets = true;
    for (size_t i = 0; i < CALLS; i++) {
        id[0] = (char)('0' + i);
        (void)begin(w, i, "restarter.status", id);
    }
    wait_for_pending(w, CALLS, STATUS_READS_MAX * UNIT_PROPERTIES);
    for (int i = 0; i < 10; i++)
        turn(w);
    assert_int_equal(w->fake.n_held, STATUS_READS_MAX * UNIT_PROPERTIES);
    w->fake.hold_gets = false;
    fake_answer_held(&w->fake);
    for (size_t i = 0; i < CALLS; i++) {
        wait_for(w, &w->calls[i]);
        unit[2] = (char)('0' + i);
        assert_member(&w->calls[i], "unit", unit);
        assert_member(&w->calls[i], "load_state", "loaded");
    }
    /* Nobody is in the way of the next one. */
    assert_member(ask(w, "restarter.status", "1"), "unit", "a@1.service");
}

static void assert_instances(const struct call *call, const char *const *units)
{
    xmlrpc_value *array = rpc_get(call->response.value, "instances");
    unsigned n = 0;

    assert_non_null(array);
    for (; units[n]; n++) {
        xmlrpc_value *item = rpc_array_item(array, n);
        char *unit = NULL;

        assert_non_null(item);
        assert_true(rpc_get_string(item, "unit", &unit));
        assert_string_equal(unit, units[n]);
        free(unit);
        xmlrpc_DECREF(item);
    }
    assert_int_equal(rpc_array_size(array), n);
    xmlrpc_DECREF(array);
}

static void test_list(void **state)
{
    static const char *const UNITS[] = { "a@1.service", "a@2.service", "a@7.service", NULL };
    struct broker_world *w = *state;
    struct call *call = ask(w, "restarter.list", NULL);

    assert_truth(call, "policy_ok", true);
    assert_truth(call, "truncated", false);
    assert_instances(call, UNITS);
    assert_int_equal(w->fake.n_gets, 6);
    /* What was asked about them is remembered, until systemd reads its files anew. */
    assert_instances(ask(w, "restarter.list", NULL), UNITS);
    assert_int_equal(w->fake.n_gets, 6);
    fake_reloading(&w->fake, false);
    fake_settle(&w->fake, 10);
    assert_instances(ask(w, "restarter.list", NULL), UNITS);
    assert_int_equal(w->fake.n_gets, 12);
    /* And the policy, when it is told to. */
    write_policy(w, "");
    assert_int_equal(raise(SIGHUP), 0);
    fake_settle(&w->fake, 10);
    assert_described(w, " of 0 grants");
    assert_instances(ask(w, "restarter.list", NULL), (const char *const[]){ NULL });
}

static void test_surveys_are_shared(void **state)
{
    struct broker_world *w = *state;

    w->fake.hold_gets = true;
    for (size_t i = 0; i < CALLS; i++)
        (void)begin(w, i, "restarter.list", NULL);
    wait_for_pending(w, CALLS, 2);
    fake_hang_up(&w->fake);
    for (size_t i = 0; i < CALLS; i++) {
        wait_for(w, &w->calls[i]);
        /* What is asked of one instance and not answered costs its own word only. */
        assert_true(w->calls[i].response.value || w->calls[i].response.fault_code == REFUSAL_UNAVAILABLE);
    }
    assert_int_equal(w->fake.n_lists, 1);
    w->fake.hold_gets = false;
    fake_settle(&w->fake, 200);
    assert_truth(ask(w, "restarter.list", NULL), "policy_ok", true);
}

static void test_list_methods(void **state)
{
    struct broker_world *w = *state;
    struct call *call = ask(w, "system.listMethods", NULL);

    assert_int_equal(rpc_array_size(call->response.value), WIRE_METHODS_COUNT);
}

/* --- the door, and the end --- */

static void test_strangers(void **state)
{
    struct broker_world *w = *state;

    if (geteuid() == 0)
        skip(); /* comes in everywhere */
    assert_int_equal(ask(w, "restarter.restart", "1")->answer.status, 403);
    assert_int_equal(w->fake.n_restarts, 0);
}

/* A termination in the midst: everybody has an answer, and the loop ends. */
static void test_end(void **state)
{
    struct broker_world *w = *state;

    (void)begin(w, 0, "restarter.restart", "1");
    while (w->fake.n_restarts == 0)
        turn(w);
    w->fake.hold_gets = true;
    (void)begin(w, 1, "restarter.restart", "2");
    (void)begin(w, 2, "restarter.status", "2");
    (void)begin(w, 3, "restarter.list", NULL);
    wait_for_pending(w, 4, UNIT_PROPERTIES_CLICK + UNIT_PROPERTIES + 2);
    assert_int_equal(raise(SIGTERM), 0);
    assert_int_equal(sd_event_loop(w->fake.event), 0);
    for (size_t i = 0; i <= 3; i++)
        while (!w->calls[i].done)
            assert_true(sd_event_run(w->client_event, 10 * USEC_PER_SEC) > 0);
    assert_fault(&w->calls[0], REFUSAL_UNKNOWN);
    for (size_t i = 1; i <= 3; i++)
        assert_fault(&w->calls[i], REFUSAL_UNAVAILABLE);
}

/* What only reads, and systemd answers soon, is not refused because the broker is about to end. */
static void test_reads_come_to_their_end(void **state)
{
    struct broker_world *w = *state;

    w->fake.hold_gets = true;
    (void)begin(w, 0, "restarter.status", "2");
    (void)begin(w, 1, "restarter.list", NULL);
    wait_for_pending(w, 2, UNIT_PROPERTIES + 2);
    assert_int_equal(raise(SIGTERM), 0);
    turn(w);
    w->fake.hold_gets = false;
    fake_answer_held(&w->fake);
    assert_int_equal(sd_event_loop(w->fake.event), 0);
    for (size_t i = 0; i <= 1; i++)
        while (!w->calls[i].done)
            assert_true(sd_event_run(w->client_event, 10 * USEC_PER_SEC) > 0);
    assert_member(&w->calls[0], "unit", "a@2.service");
    assert_truth(&w->calls[1], "policy_ok", true);
}

#define TEST_WITH(set_up, f) cmocka_unit_test_setup_teardown(f, set_up, broker_tear_down)
#define TEST(f) TEST_WITH(set_up, f)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_restart),      TEST(test_plain_restart),
        TEST(test_refusals),     TEST_WITH(set_up_broken, test_broken_policy),
        TEST(test_status),       TEST(test_few_states_are_read_at_once),
        TEST(test_list),         TEST(test_surveys_are_shared),
        TEST(test_list_methods), TEST_WITH(set_up_closed, test_strangers),
        TEST(test_end),          TEST(test_reads_come_to_their_end),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
