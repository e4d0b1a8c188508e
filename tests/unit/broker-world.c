#include "tests/unit/broker-world.h"

#include <fcntl.h>
#include <grp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>
#include <systemd/sd-daemon.h>

#include "common/clock.h"
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

void write_policy(const struct broker_world *w, const char *text)
{
    FILE *file = fopen(w->policy, "we");

    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
}

int broker_set_up(void **state, const char *policy, const char *group)
{
    struct broker_world *w = calloc(1, sizeof(*w));
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

static void forget(struct call *call)
{
    rpc_response_done(&call->response);
    *call = (struct call){ 0 };
}

int broker_tear_down(void **state)
{
    struct broker_world *w = *state;

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

static void on_answer(const struct rpc_client_answer *answer, void *userdata)
{
    struct call *call = userdata;
    const char *reason = NULL;

    call->done = true;
    call->answer = *answer;
    if (answer->result == RPC_CLIENT_ANSWERED)
        assert_int_equal(rpc_response_parse(answer->body, answer->size, &call->response, &reason), 0);
}

struct call *begin_at(struct broker_world *w, size_t gate, size_t i, const char *method,
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
