#include "tests/unit/broker-world.h"

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

#include "common/clock.h"
#include "common/rpc/wire-call.h"
#include "tests/unit/rpc-values.h"
#include "tests/unit/test.h"

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
static void pass_sockets(struct broker_world *w)
{
    static const char *const NAMES[DOORS] = { "web", "clients", "web-proxy" };
    char pid[16], number[16];

    for (int i = 0; i < DOORS; i++) {
        int fd;

        (void)snprintf(w->paths[i], sizeof(w->paths[i]), "%s/%s", w->fake.directory, NAMES[i]);
        fd = listen_at(w->paths[i]);
        w->listen_fds[i] = fcntl(fd, F_DUPFD_CLOEXEC, 64);
        (void)close(fd);
    }
    for (unsigned i = 0; i < w->n_passed; i++)
        assert_true(dup2(w->listen_fds[i], SD_LISTEN_FDS_START + (int)i) >= 0);
    (void)snprintf(pid, sizeof(pid), "%d", getpid());
    (void)snprintf(number, sizeof(number), "%u", w->n_passed);
    assert_int_equal(setenv("LISTEN_PID", pid, 1), 0);
    assert_int_equal(setenv("LISTEN_FDS", number, 1), 0);
    assert_int_equal(
        setenv("LISTEN_FDNAMES", w->n_passed == DOORS ? "web:clients:web-proxy" : "web:clients", 1), 0);
}

static void write_file(const char *path, const char *text)
{
    FILE *file = fopen(path, "we");

    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
}

void write_policy(const struct broker_world *w, const char *text)
{
    write_file(w->policy, text);
}

void write_web(const struct broker_world *w, const char *text)
{
    if (text)
        write_file(w->web, text);
    else
        assert_int_equal(unlink(w->web), 0);
}

static int set_up(void **state, const char *policy, const char *group, unsigned doors)
{
    struct broker_world *w = calloc(1, sizeof(*w));
    const struct group *own = getgrgid(getegid());

    assert_non_null(w);
    assert_non_null(own);
    (void)snprintf(w->group, sizeof(w->group), "%s", own->gr_name);
    fake_start(&w->fake);
    w->n_passed = doors;
    pass_sockets(w);
    assert_true(sd_event_new(&w->client_event) >= 0);
    (void)snprintf(w->policy, sizeof(w->policy), "%s/policy.conf", w->fake.directory);
    (void)snprintf(w->web, sizeof(w->web), "%s/webfront.conf", w->fake.directory);
    (void)snprintf(w->record, sizeof(w->record), "%s/record", w->fake.directory);
    write_policy(w, policy);
    write_web(w, "[Web]\nLogin=none\n");
    w->setup = (struct broker_setup){ .policy_owner = geteuid(),
                                      .policy_path = w->policy,
                                      .web_path = w->web,
                                      .record_path = w->record,
                                      .group = group ? group : w->group };
    assert_int_equal(broker_new(&w->setup, &w->broker), 0);
    fake_accept_on(&w->fake, broker_event(w->broker));
    w->callers[0].client = w->callers[2].client = "127.0.0.1:4711";
    w->callers[2].user = "anna";
    *state = w;
    return 0;
}

int broker_set_up(void **state, const char *policy, const char *group)
{
    return set_up(state, policy, group, DOORS);
}

int broker_set_up_without_proxy(void **state, const char *policy)
{
    return set_up(state, policy, NULL, DOORS - 1);
}

void broker_set_up_anew(struct broker_world *w)
{
    fake_hang_up(&w->fake);
    w->broker = broker_free(w->broker);
    w->fake.listener = sd_event_source_disable_unref(w->fake.listener);
    w->fake.event = sd_event_unref(w->fake.event);
    assert_int_equal(broker_new(&w->setup, &w->broker), 0);
    fake_accept_on(&w->fake, broker_event(w->broker));
}

static void forget(struct call *call)
{
    rpc_response_done(&call->response);
    *call = (struct call){ 0 };
}

/* A test that failed leaves callers behind, with whom no server can be ended; and it shall be told why. */
static void end_calls(struct broker_world *w)
{
    if (broker_pending(w->broker) == 0)
        return;
    assert_int_equal(raise(SIGTERM), 0);
    while (broker_pending(w->broker) > 0 && sd_event_get_state(w->fake.event) != SD_EVENT_FINISHED)
        (void)sd_event_run(w->fake.event, 5 * USEC_PER_MSEC);
}

int broker_tear_down(void **state)
{
    struct broker_world *w = *state;

    end_calls(w);
    fake_hang_up(&w->fake);
    w->broker = broker_free(w->broker);
    /* Whoever still waited is told, or hangs up. */
    while (sd_event_run(w->client_event, 0) > 0)
        ;
    for (size_t i = 0; i < CALLS; i++) {
        (void)rpc_client_call_free(w->calls[i].client);
        forget(&w->calls[i]);
    }
    (void)unlink(w->policy);
    (void)unlink(w->web);
    for (size_t i = 0; i < DOORS; i++) {
        (void)unlink(w->paths[i]);
        (void)close(w->listen_fds[i]);
        if (i < w->n_passed)
            (void)close(SD_LISTEN_FDS_START + (int)i);
    }
    fake_stop(&w->fake);
    sd_event_unref(w->client_event);
    free(w);
    return 0;
}

static void on_answer(const struct rpc_client_answer *answer, void *userdata)
{
    struct call *call = userdata;
    const char *reason = NULL;

    call->done = true;
    call->client = NULL;
    call->answer = *answer;
    if (answer->result == RPC_CLIENT_ANSWERED)
        assert_int_equal(rpc_response_parse(answer->body, answer->size, &call->response, &reason), 0);
}

struct call *begin_with(struct broker_world *w, size_t gate, size_t i, const char *method,
                        xmlrpc_value *params)
{
    xmlrpc_mem_block *block = rpc_call_serialize(method, params);
    const struct rpc_client_request request = {
        .socket_path = w->paths[gate],
        .caller = w->callers[gate],
        .body = XMLRPC_MEMBLOCK_CONTENTS(char, block),
        .size = XMLRPC_MEMBLOCK_SIZE(char, block),
        .timeout_usec = 2 * (uint64_t)WIRE_WAIT_MAX * USEC_PER_SEC, /* longer than a call may wait there */
    };

    forget(&w->calls[i]);
    assert_int_equal(rpc_client_call(w->client_event, &request, on_answer, &w->calls[i], &w->calls[i].client),
                     0);
    rpc_block_free(block);
    xmlrpc_DECREF(params);
    return &w->calls[i];
}

struct call *begin_at(struct broker_world *w, size_t gate, size_t i, const char *method,
                      const char *parameter)
{
    return begin_with(w, gate, i, method, parameter ? rpc_params_string(parameter) : rpc_params_none());
}

struct call *begin_press(struct broker_world *w, size_t gate, size_t i, const char *unit, const char *press)
{
    struct rpc_struct options = rpc_struct_begin();
    xmlrpc_value *params = rpc_params_string(unit);

    rpc_struct_string(&options, "press", press);
    assert_true(rpc_array_append(params, rpc_struct_end(&options)));
    return begin_with(w, gate, i, "restarter.restart", params);
}

struct call *begin(struct broker_world *w, size_t i, const char *method, const char *parameter)
{
    return begin_at(w, 1, i, method, parameter);
}

void turn(struct broker_world *w)
{
    assert_true(sd_event_run(w->fake.event, 5 * USEC_PER_MSEC) >= 0);
    assert_true(sd_event_run(w->client_event, 0) >= 0);
}

void wait_for(struct broker_world *w, const struct call *call)
{
    while (!call->done)
        turn(w);
}

struct call *ask(struct broker_world *w, const char *method, const char *parameter)
{
    struct call *call = begin(w, 0, method, parameter);

    wait_for(w, call);
    return call;
}

void wait_for_pending(struct broker_world *w, unsigned n, unsigned n_held)
{
    while (broker_pending(w->broker) < n || w->fake.n_held < n_held)
        turn(w);
}

void assert_described(const struct broker_world *w, const char *expected)
{
    char text[256];

    broker_describe(w->broker, text, sizeof(text));
    if (!strstr(text, expected))
        fail_msg("'%s' is not in '%s'", expected, text);
}

void assert_fault(const struct call *call, int code)
{
    assert_int_equal(call->answer.result, RPC_CLIENT_ANSWERED);
    assert_non_null(call->response.fault_string);
    assert_int_equal(call->response.fault_code, code);
}

void assert_member(const struct call *call, const char *key, const char *expected)
{
    char *text = NULL;

    assert_non_null(call->response.value);
    assert_true(rpc_get_string(call->response.value, key, &text));
    assert_string_equal(text, expected);
    free(text);
}

void assert_truth(const struct call *call, const char *key, bool expected)
{
    bool value = !expected;

    assert_non_null(call->response.value);
    assert_true(rpc_get_bool(call->response.value, key, &value));
    assert_int_equal(value, expected);
}
