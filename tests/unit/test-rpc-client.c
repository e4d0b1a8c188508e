/* The client of the broker's socket against a peer that answers well, badly, slowly or not at all: each end
 * is told apart, above all "nothing was sent" from "nobody knows". The peer is a fake because a broker never
 * lies like that. */
#include "common/rpc/rpc-client.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "common/cleanup.h"
#include "common/rpc/rpc.h"
#include "tests/unit/held-clock.h"
#include "tests/unit/test.h"

struct peer {
    sd_event *event;
    char directory[32], path[64];
    int fd;
    const char *answer; /* NULL: accept and stay silent */
    bool hang_up;       /* after the answer */
    bool trickle;       /* one byte at a time */
    char request[2048];
    int connection;
};

struct seen {
    unsigned calls;
    struct rpc_client_answer answer;
    char body[64];
};

static int send_one_byte(sd_event_source *source, void *userdata)
{
    struct peer *peer = userdata;

    if (*peer->answer == '\0')
        return sd_event_source_set_enabled(source, SD_EVENT_OFF);
    (void)send(peer->connection, peer->answer++, 1, MSG_NOSIGNAL);
    return 0;
}

static void start_trickling(struct peer *peer)
{
    sd_event_source *source = NULL;

    assert_true(sd_event_add_defer(peer->event, &source, send_one_byte, peer) >= 0);
    assert_true(sd_event_source_set_enabled(source, SD_EVENT_ON) >= 0);
    assert_true(sd_event_source_set_floating(source, true) >= 0);
    sd_event_source_unref(source);
}

static int on_connection(_unused_ sd_event_source *source, int fd, _unused_ uint32_t revents, void *userdata)
{
    struct peer *peer = userdata;
    ssize_t n;

    peer->connection = accept4(fd, NULL, NULL, SOCK_CLOEXEC);
    n = recv(peer->connection, peer->request, sizeof(peer->request) - 1, 0);
    peer->request[n > 0 ? n : 0] = '\0';
    if (peer->trickle)
        start_trickling(peer);
    else if (peer->answer)
        (void)send(peer->connection, peer->answer, strlen(peer->answer), MSG_NOSIGNAL);
    if (peer->hang_up) {
        close(peer->connection);
        peer->connection = -1;
    }
    return 0;
}

static int setup(void **state)
{
    struct peer *peer = calloc(1, sizeof(*peer));
    struct sockaddr_un address = { .sun_family = AF_UNIX };

    clock_hold();
    peer->connection = -1;
    strcpy(peer->directory, "/tmp/rpc-client-XXXXXX");
    assert_non_null(mkdtemp(peer->directory));
    (void)snprintf(peer->path, sizeof(peer->path), "%s/socket", peer->directory);
    strcpy(address.sun_path, peer->path);
    peer->fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_int_equal(bind(peer->fd, (struct sockaddr *)&address, sizeof(address)), 0);
    assert_int_equal(listen(peer->fd, 4), 0);
    assert_true(sd_event_new(&peer->event) >= 0);
    assert_true(sd_event_add_io(peer->event, NULL, peer->fd, EPOLLIN, on_connection, peer) >= 0);
    *state = peer;
    return 0;
}

static int teardown(void **state)
{
    struct peer *peer = *state;

    sd_event_unref(peer->event);
    closep(&peer->fd);
    closep(&peer->connection);
    (void)unlink(peer->path);
    (void)rmdir(peer->directory);
    free(peer);
    return 0;
}

static void on_done(const struct rpc_client_answer *answer, void *userdata)
{
    struct seen *seen = userdata;

    seen->calls++;
    seen->answer = *answer;
    (void)snprintf(seen->body, sizeof(seen->body), "%.60s", answer->body ? answer->body : "");
}

static struct seen call(struct peer *peer, const char *path)
{
    struct rpc_client_request request = {
        .socket_path = path,
        .caller = { .client = "127.0.0.1:1", .ticket = "1.a-_.b", .user = "alice", .groups = "ops,admins" },
        .body = "<x/>",
        .size = 4,
        .timeout_usec = peer->trickle ? 5000000 : 200000,
    };
    struct rpc_client_call *pending = NULL;
    struct seen seen = { 0 };

    assert_int_equal(rpc_client_call(peer->event, &request, on_done, &seen, &pending), 0);
    assert_int_equal(seen.calls, 0); /* never from within the call */
    for (int i = 0; i < 1000 && seen.calls == 0; i++)
        (void)sd_event_run(peer->event, 1000);
    assert_int_equal(seen.calls, 1);
    return seen;
}

static void test_answers(void **state)
{
    static const struct {
        const char *answer;
        bool hang_up;
        enum rpc_client_result result;
        unsigned status, retry_after;
        const char *body;
    } CASES[] = {
        { "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi", false, RPC_CLIENT_ANSWERED, 200, 0, "hi" },
        { "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi", true, RPC_CLIENT_ANSWERED, 200, 0, "hi" },
        { "HTTP/1.1 200 OK\r\n\r\nuntil the end", true, RPC_CLIENT_ANSWERED, 200, 0, "until the end" },
        { "HTTP/1.1 200 OK\r\nRetry-After: 7\r\nContent-Length: 0\r\n\r\n", false, RPC_CLIENT_ANSWERED, 200,
          7, "" },
        { "HTTP/1.1 200 OK\r\nRetry-After: 99999999999999999999\r\nContent-Length: 0\r\n\r\n", false,
          RPC_CLIENT_ANSWERED, 200, 86400, "" },
        { "HTTP/1.1 413 No\r\nContent-Length: 4\r\n\r\nlong", false, RPC_CLIENT_REFUSED, 413, 0, "long" },
        { "HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\nhalf", true, RPC_CLIENT_UNKNOWN, 0, 0, "" },
        { "HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\nhalf", false, RPC_CLIENT_TIMEOUT, 0, 0, "" },
        { "", true, RPC_CLIENT_UNKNOWN, 0, 0, "" },
        { NULL, false, RPC_CLIENT_TIMEOUT, 0, 0, "" },
        { "this is not HTTP", false, RPC_CLIENT_UNKNOWN, 0, 0, "" },
        { "HTTP/1.1 200 OK\r\nContent-Length: 2000000\r\n\r\n", true, RPC_CLIENT_UNKNOWN, 0, 0, "" },
    };
    struct peer *peer = *state;

    for (size_t i = 0; i < sizeof(CASES) / sizeof(*CASES); i++) {
        struct seen seen;

        peer->answer = CASES[i].answer;
        peer->hang_up = CASES[i].hang_up;
        seen = call(peer, peer->path);
        closep(&peer->connection);
        peer->connection = -1;
        if (seen.answer.result != CASES[i].result || seen.answer.status != CASES[i].status)
            fail_msg("case %zu: result %d, status %u", i, seen.answer.result, seen.answer.status);
        assert_int_equal(seen.answer.retry_after, CASES[i].retry_after);
        assert_string_equal(seen.body, CASES[i].body);
    }
    assert_non_null(strstr(peer->request, "\r\nRestarter-User: alice\r\n"));
    assert_non_null(strstr(peer->request, "\r\nRestarter-Client: 127.0.0.1:1\r\n"));
    assert_non_null(strstr(peer->request, "\r\nRestarter-Ticket: 1.a-_.b\r\n"));
    assert_non_null(strstr(peer->request, "\r\nRestarter-Groups: ops,admins\r\n"));
    assert_non_null(strstr(peer->request, "\r\nContent-Length: 4\r\n"));
    assert_non_null(strstr(peer->request, "\r\n\r\n<x/>"));
}

static void test_nobody_there(void **state)
{
    struct seen seen = call(*state, "/nonexistent/socket");

    assert_int_equal(seen.answer.result, RPC_CLIENT_NOT_SENT);
    assert_int_equal(seen.answer.error, ENOENT);
}

static void test_answer_too_long(void **state)
{
    struct peer *peer = *state;
    size_t size = RPC_RESPONSE_MAX + 4096;
    _cleanup_(freep) char *answer = malloc(size + 1);
    int length = sprintf(answer, "HTTP/1.1 200 OK\r\nContent-Length: %zu\r\n\r\n", size);
    struct rpc_client_request request = { .socket_path = peer->path, .body = "", .timeout_usec = 2000000 };
    struct rpc_client_call *pending = NULL;
    struct seen seen = { 0 };
    size_t sent = 0;

    memset(answer + length, 'x', size - (size_t)length);
    answer[size] = '\0';
    assert_int_equal(rpc_client_call(peer->event, &request, on_done, &seen, &pending), 0);
    for (int i = 0; i < 5000 && seen.calls == 0; i++) {
        (void)sd_event_run(peer->event, 1000);
        if (peer->connection >= 0 && sent < size) {
            ssize_t n = send(peer->connection, answer + sent, size - sent, MSG_DONTWAIT | MSG_NOSIGNAL);

            sent += n > 0 ? (size_t)n : 0;
        }
    }
    assert_int_equal(seen.answer.result, RPC_CLIENT_UNKNOWN);
    assert_int_equal(seen.answer.error, EMSGSIZE);
}

static void test_giving_up(void **state)
{
    struct peer *peer = *state;
    struct rpc_client_request request = { .socket_path = peer->path, .body = "", .timeout_usec = 2000000 };
    struct rpc_client_call *pending = NULL;
    struct seen seen = { 0 };

    assert_int_equal(rpc_client_call(peer->event, &request, on_done, &seen, &pending), 0);
    assert_null(rpc_client_call_free(pending));
    for (int i = 0; i < 20; i++)
        (void)sd_event_run(peer->event, 1000);
    assert_int_equal(seen.calls, 0);
}

static void test_an_answer_in_pieces(void **state)
{
    struct peer *peer = *state;
    struct seen seen;

    peer->trickle = true;
    peer->answer = "HTTP/1.1 200 OK\r\nRetry-After-A-Very-Long-Time-Indeed: 9\r\nRetry-After: 137\r\n"
                   "Restarter-Refusal: 19\r\nRestarter-Refusals: 5\r\n"
                   "After: 5\r\nContent-Length: 4\r\n\r\nfour";
    seen = call(peer, peer->path);
    assert_int_equal(seen.answer.result, RPC_CLIENT_ANSWERED);
    assert_int_equal(seen.answer.retry_after, 137);
    assert_int_equal(seen.answer.refusal, 19);
    assert_string_equal(seen.body, "four");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_an_answer_in_pieces, setup, teardown),
        cmocka_unit_test_setup_teardown(test_answers, setup, teardown),
        cmocka_unit_test_setup_teardown(test_nobody_there, setup, teardown),
        cmocka_unit_test_setup_teardown(test_answer_too_long, setup, teardown),
        cmocka_unit_test_setup_teardown(test_giving_up, setup, teardown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
