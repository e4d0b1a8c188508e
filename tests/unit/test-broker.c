/* The whole broker in the test's own process: XML-RPC calls to its two sockets on one side, a PID 1 that does
 * as the test says on the other. */
#include <fcntl.h>
#include <grp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>
#include <systemd/sd-daemon.h>

#include "broker/broker.h"
#include "broker/calls/method-status.h"
#include "broker/systemd/unit-state.h"
#include "common/clock.h"
#include "common/refusal.h"
#include "common/rpc/rpc-client.h"
#include "tests/unit/fake-systemd.h"
#include "tests/unit/rpc-values.h"
#include "tests/unit/test.h"

static const char POLICY[] = "[Grant]\nUnit=a@.service\nInstances=[0-9]\nVerbs=restart\n";

enum { CALLS = 8, DOORS = 2 };

struct world {
    struct fake fake;
    struct broker *broker;
    sd_event
        *client_event; /* of those who call: the broker's own loop ends before they have read everything */
    char policy[96];   /* the file */
    char group[64];    /* of whoever runs the tests: he may come in */
    char paths[DOORS][96];
    int listen_fds[DOORS];
    struct call {
        bool done;
        struct rpc_client_answer answer;
        struct rpc_response response;
    } calls[CALLS];
};

/* --- the world --- */

static int listen_at(const char *path)
{
    struct sockaddr_un address = { .sun_family = AF_UNIX };
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

    assert_true(fd >= 0);
    (void)snprintf(address.sun_path, sizeof(address.sun_path), "%s", path);
    assert_int_equal(bind(fd, (struct sockaddr *)&address, sizeof(address)), 0);
    assert_int_equal(listen(fd, 128), 0);
    return fd;
}

/* As systemd passes sockets: from descriptor 3 on, with their names in the environment. */
static void pass_sockets(struct world *w)
{
    static const char *const NAMES[DOORS] = { "web", "clients" };
    char pid[16];

    for (int i = 0; i < DOORS; i++) {
        int fd;

        (void)snprintf(w->paths[i], sizeof(w->paths[i]), "%s/%s", w->fake.directory, NAMES[i]);
        fd = listen_at(w->paths[i]);
        w->listen_fds[i] = fcntl(fd, F_DUPFD_CLOEXEC, 64);
        (void)close(fd);
    }
    for (int i = 0; i < DOORS; i++)
        assert_true(dup2(w->listen_fds[i], SD_LISTEN_FDS_START + i) >= 0);
    (void)snprintf(pid, sizeof(pid), "%d", getpid());
    assert_int_equal(setenv("LISTEN_PID", pid, 1), 0);
    assert_int_equal(setenv("LISTEN_FDS", "2", 1), 0);
    assert_int_equal(setenv("LISTEN_FDNAMES", "web:clients", 1), 0);
}

static void write_policy(const struct world *w, const char *text)
{
    FILE *file = fopen(w->policy, "we");

    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
}

/* `group` NULL: the own one. */
static int set_up_for(void **state, const char *policy, const char *group)
{
    struct world *w = calloc(1, sizeof(*w));
    struct broker_setup setup = { .policy_owner = geteuid() };
    const struct group *own = getgrgid(getegid());

    assert_non_null(w);
    assert_non_null(own);
    (void)snprintf(w->group, sizeof(w->group), "%s", own->gr_name);
    fake_start(&w->fake);
    pass_sockets(w);
    assert_true(sd_event_new(&w->client_event) >= 0);
    (void)snprintf(w->policy, sizeof(w->policy), "%s/policy.conf", w->fake.directory);
    write_policy(w, policy);
    setup.policy_path = w->policy;
    setup.group = group ? group : w->group;
    assert_int_equal(broker_new(&setup, &w->broker), 0);
    fake_accept_on(&w->fake, broker_event(w->broker));
    *state = w;
    return 0;
}

static int set_up(void **state)
{
    return set_up_for(state, POLICY, NULL);
}

static int set_up_broken(void **state)
{
    return set_up_for(state, "[Grant]\nUnit=a@.service\nColour=red\n", NULL);
}

static int set_up_closed(void **state)
{
    return set_up_for(state, POLICY, "no-such-group");
}

static void forget(struct call *call)
{
    rpc_response_done(&call->response);
    *call = (struct call){ 0 };
}

static int tear_down(void **state)
{
    struct world *w = *state;

    for (size_t i = 0; i < CALLS; i++)
        forget(&w->calls[i]);
    fake_hang_up(&w->fake);
    w->broker = broker_free(w->broker);
    (void)unlink(w->policy);
    for (size_t i = 0; i < DOORS; i++) {
        (void)unlink(w->paths[i]);
        (void)close(w->listen_fds[i]);
        (void)close(SD_LISTEN_FDS_START + (int)i);
    }
    fake_stop(&w->fake);
    sd_event_unref(w->client_event);
    free(w);
    return 0;
}

/* --- calls --- */

static void on_answer(const struct rpc_client_answer *answer, void *userdata)
{
    struct call *call = userdata;
    const char *reason = NULL;

    call->done = true;
    call->answer = *answer;
    if (answer->result == RPC_CLIENT_ANSWERED)
        assert_int_equal(rpc_response_parse(answer->body, answer->size, &call->response, &reason), 0);
}

static struct call *begin_at(struct world *w, size_t gate, size_t i, const char *method,
                             const char *parameter)
{
    xmlrpc_value *params = parameter ? rpc_params_string(parameter) : rpc_params_none();
    xmlrpc_mem_block *block = rpc_call_serialize(method, params);
    struct rpc_client_call *client = NULL;
    const struct rpc_client_request request = {
        .socket_path = w->paths[gate],
        .user = gate == 0 ? "alice" : NULL,
        .client = gate == 0 ? "127.0.0.1:4711" : NULL,
        .body = XMLRPC_MEMBLOCK_CONTENTS(char, block),
        .size = XMLRPC_MEMBLOCK_SIZE(char, block),
        .timeout_usec = 20 * USEC_PER_SEC,
    };

    forget(&w->calls[i]);
    assert_int_equal(rpc_client_call(w->client_event, &request, on_answer, &w->calls[i], &client), 0);
    rpc_block_free(block);
    xmlrpc_DECREF(params);
    return &w->calls[i];
}

static struct call *begin(struct world *w, size_t i, const char *method, const char *parameter)
{
    return begin_at(w, 1, i, method, parameter);
}

static void turn(struct world *w)
{
    assert_true(sd_event_run(w->fake.event, 5 * USEC_PER_MSEC) >= 0);
    assert_true(sd_event_run(w->client_event, 0) >= 0);
}

static void wait_for(struct world *w, const struct call *call)
{
    while (!call->done)
        turn(w);
}

static struct call *ask(struct world *w, const char *method, const char *parameter)
{
    struct call *call = begin(w, 0, method, parameter);

    wait_for(w, call);
    return call;
}

/* So many calls were taken, and PID 1 keeps some of its answers back. */
static void wait_for_pending(struct world *w, unsigned n, unsigned n_held)
{
    while (broker_pending(w->broker) < n || w->fake.n_held < n_held)
        turn(w);
}

/* Among what it tells systemd. */
static void assert_described(const struct world *w, const char *expected)
{
    char text[256];

    broker_describe(w->broker, text, sizeof(text));
    if (!strstr(text, expected))
        fail_msg("'%s' is not in '%s'", expected, text);
}

static void assert_fault(const struct call *call, int code)
{
    assert_int_equal(call->answer.result, RPC_CLIENT_ANSWERED);
    assert_non_null(call->response.fault_string);
    assert_int_equal(call->response.fault_code, code);
}

static void assert_member(const struct call *call, const char *key, const char *expected)
{
    char *text = NULL;

    assert_non_null(call->response.value);
    assert_true(rpc_get_string(call->response.value, key, &text));
    assert_string_equal(text, expected);
    free(text);
}

static void assert_truth(const struct call *call, const char *key, bool expected)
{
    bool value = !expected;

    assert_non_null(call->response.value);
    assert_true(rpc_get_bool(call->response.value, key, &value));
    assert_int_equal(value, expected);
}

/* --- methods --- */

static void test_restart(void **state)
{
    struct world *w = *state;

    for (size_t gate = 0; gate < DOORS; gate++) {
        struct call *call = begin_at(w, gate, 0, "restarter.restart", "1");
        int milliseconds = -1;

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
        assert_described(w, gate == 0 ? " 1 restart," : " 2 restarts,");
    }
}

static void test_plain_restart(void **state)
{
    struct world *w = *state;
    struct call *call = begin(w, 0, "restart_unit", "a@1.service");

    while (w->fake.n_restarts == 0)
        turn(w);
    fake_job_ends(&w->fake, "failed");
    wait_for(w, call);
    assert_truth(call, "success", false);
    /* A refusal is no fault here. */
    call = ask(w, "restart_unit", "b@1.service");
    assert_truth(call, "success", false);
    call = ask(w, "restart_unit", "\n");
    assert_truth(call, "success", false);
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
    struct world *w = *state;

    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
        assert_fault(ask(w, cases[i].method, cases[i].parameter), cases[i].code);
    assert_int_equal(w->fake.n_restarts + w->fake.n_gets + w->fake.n_lists, 0);
}

static void test_broken_policy(void **state)
{
    static const char expected[] = "/policy.conf:3: ";
    struct world *w = *state;
    struct call *call;
    char *error = NULL;

    call = ask(w, "restarter.restart", "1");
    assert_fault(call, REFUSAL_POLICY_FILE);
    assert_non_null(strstr(call->response.fault_string, expected));
    call = ask(w, "restarter.list", NULL);
    assert_truth(call, "policy_ok", false);
    assert_true(rpc_get_string(call->response.value, "policy_error", &error));
    assert_non_null(strstr(error, expected));
    free(error);
    assert_described(w, ", the policy file is broken, nothing is granted");
    assert_int_equal(w->fake.n_lists, 0);
}

static void test_status(void **state)
{
    struct world *w = *state;
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
    struct world *w = *state;
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
    struct world *w = *state;
    struct call *call = ask(w, "restarter.list", NULL);

    assert_truth(call, "policy_ok", true);
    assert_truth(call, "truncated", false);
    assert_instances(call, UNITS);
    assert_int_equal(w->fake.n_gets, 2);
    /* Whether they are enabled is remembered, until systemd reads its files anew. */
    assert_instances(ask(w, "restarter.list", NULL), UNITS);
    assert_int_equal(w->fake.n_gets, 2);
    fake_reloading(&w->fake, false);
    fake_settle(&w->fake, 10);
    assert_instances(ask(w, "restarter.list", NULL), UNITS);
    assert_int_equal(w->fake.n_gets, 4);
    /* And the policy, when it is told to. */
    write_policy(w, "");
    assert_int_equal(raise(SIGHUP), 0);
    fake_settle(&w->fake, 10);
    assert_described(w, " of 0 grants");
    assert_instances(ask(w, "restarter.list", NULL), (const char *const[]){ NULL });
}

static void test_surveys_are_shared(void **state)
{
    struct world *w = *state;

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
    struct world *w = *state;
    struct call *call = ask(w, "system.listMethods", NULL);

    assert_int_equal(rpc_array_size(call->response.value), 8);
}

/* --- the door, and the end --- */

static void test_strangers(void **state)
{
    struct world *w = *state;

    if (geteuid() == 0)
        skip(); /* comes in everywhere */
    assert_int_equal(ask(w, "restarter.restart", "1")->answer.status, 403);
    assert_int_equal(w->fake.n_restarts, 0);
}

/* A termination in the midst: everybody has an answer, and the loop ends. */
static void test_end(void **state)
{
    struct world *w = *state;

    (void)begin(w, 0, "restarter.restart", "1");
    while (w->fake.n_restarts == 0)
        turn(w);
    w->fake.hold_gets = true;
    (void)begin(w, 1, "restarter.restart", "2");
    (void)begin(w, 2, "restarter.status", "2");
    (void)begin(w, 3, "restarter.list", NULL);
    wait_for_pending(w, 4, 2 * UNIT_PROPERTIES + 2);
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
    struct world *w = *state;

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

#define TEST_WITH(set_up, f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)
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
