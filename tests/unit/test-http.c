/* The HTTP server against raw bytes on a real socket: what is ambiguous is refused with the right status,
 * what is slow is cut, what is pending is answered later, and nobody can shut the others out. */
#include "common/http/http.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "common/cleanup.h"
#include "tests/unit/http-fixture.h"
#include "tests/unit/test.h"

static const char BIG[4 * 1024 * 1024] = { 0 }; /* more than a socket holds */

static void handle(struct http_request *request, void *userdata)
{
    struct http_world *f = userdata;
    char text[256];
    size_t size;
    const char *body = http_request_body(request, &size);

    f->handled++;
    if (strcmp(http_request_path(request), "/hold") == 0) {
        f->held = request;
        return;
    }
    if (strcmp(http_request_path(request), "/big") == 0) {
        http_reply(request, 200, http_response_new(BIG, sizeof(BIG), "text/plain"));
        return;
    }
    (void)snprintf(text, sizeof(text), "path=%s query=%d body=%zu:%.20s", http_request_path(request),
                   http_request_has_query(request), size, body);
    http_reply_text(request, 200, text);
}

static const struct http_limits LIMITS = {
    .connections = 16,
    .body = 64,
    .headers = 4096,
    .read_usec = 600000,
    .write_usec = 600000,
    .pending_max = 2,
};

static int setup(void **state)
{
    return http_setup(state, AF_UNIX, &LIMITS, 0, handle);
}

static void test_framing(void **state)
{
    static const struct {
        const char *request;
        const char *answer;
    } CASES[] = {
        { "GET / HTTP/1.1\r\nHost: a\r\n\r\n", "path=/ query=0 body=0:" },
        { "GET /a.b_c-d/e HTTP/1.1\r\nHost: a\r\n\r\n", "path=/a.b_c-d/e query=0" },
        { "GET /x?y=/z HTTP/1.1\r\nHost: a\r\n\r\n", "path=/x query=1" },
        { "GET / HTTP/1.0\r\nHost: a\r\n\r\n", "path=/ " },
        { "GET /%00 HTTP/1.1\r\nHost: a\r\n\r\n", "path=/%00 " },
        { "GET /%2e%2e/x HTTP/1.1\r\nHost: a\r\n\r\n", "path=/%2e%2e/x " },
        { "GET /a@b:c HTTP/1.1\r\nHost: a\r\n\r\n", "path=/a@b:c " },
        { "GET /a~b HTTP/1.1\r\nHost: a\r\n\r\n", "path= " },
        { "POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello", "body=5:hello" },
        { "POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n", "body=0:" },
        { "GET / HTTP/1.1\r\n\r\n", " 400 " },
        { "GET / HTTP/1.0\r\n\r\n", " 400 " },
        { "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", " 400 " },
        { "POST /x HTTP/1.1\r\nHost: a\r\n\r\n", " 400 " },
        { "POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\nx", " 400 " },
        { "POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
          " 400 " },
        { "POST /x HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", " 400 " },
        { "POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: 65\r\n\r\n", " 413 " },
        { "POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999999999999999\r\n\r\n", " 413 " },
        { "POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n", " 400 " },
        { "POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: 1x\r\n\r\n", " 400 " },
        { "garbage\r\n\r\n", "" },
    };

    for (size_t i = 0; i < sizeof(CASES) / sizeof(*CASES); i++) {
        struct http_world *f = *state;
        int fd = dial(f);
        char *answer;

        transmit(fd, CASES[i].request);
        answer = receive(f, fd, *CASES[i].answer ? CASES[i].answer : NULL);
        if (!strstr(answer, CASES[i].answer))
            fail_msg("%s\n->\n%s", CASES[i].request, answer);
        close(fd);
        run(f, 2);
    }
}

static void test_huge_header_is_refused(void **state)
{
    struct http_world *f = *state;
    char *request = NULL;
    int fd = dial(f);

    assert_true(asprintf(&request, "GET / HTTP/1.1\r\nHost: a\r\nX: %08000d\r\n\r\n", 0) > 0);
    transmit(fd, request);
    assert_non_null(strstr(receive(f, fd, "\r\n\r\n"), " 431 "));
    free(request);
    close(fd);
}

static void test_keep_alive_serves_many(void **state)
{
    struct http_world *f = *state;
    int fd = dial(f);

    for (int i = 0; i < 50; i++) {
        transmit(fd, "GET /k HTTP/1.1\r\nHost: a\r\n\r\n");
        assert_non_null(strstr(receive(f, fd, "path=/k"), " 200 "));
    }
    assert_int_equal(f->handled, 50);
    assert_int_equal(http_server_connections(f->server), 1);
    close(fd);
    run(f, 5);
    assert_int_equal(http_server_connections(f->server), 0);
}

static void test_slow_request_is_answered_408(void **state)
{
    struct http_world *f = *state;
    int fd = dial(f);

    /* One byte at a time never lets a timeout per gap expire. */
    transmit(fd, "GET / HTTP/1.1\r\n");
    for (int i = 0; i < 12 && http_server_connections(f->server) < 2; i++) {
        (void)send(fd, "X", 1, MSG_NOSIGNAL);
        run(f, 100);
    }
    assert_non_null(strstr(receive(f, fd, NULL), " 408 "));
    close(fd);
    assert_int_equal(f->handled, 0);
}

static void test_silent_connections_make_room(void **state)
{
    struct http_world *f = *state;
    int silent[40], fd;

    for (size_t i = 0; i < 40; i++) {
        silent[i] = dial(f);
        run(f, 1);
    }
    fd = dial(f);
    transmit(fd, "GET /room HTTP/1.1\r\nHost: a\r\n\r\n");
    assert_non_null(strstr(receive(f, fd, "path=/room"), " 200 "));
    for (size_t i = 0; i < 40; i++)
        close(silent[i]);
    close(fd);
}

/* Whoever was told that his request did not arrive in time may send it anew: it must not have been done. */
static void test_what_was_cut_is_not_handled(void **state)
{
    struct http_world *f = *state;
    int victim = dial(f), others[13];
    char *answer;

    run(f, 2);
    for (size_t i = 0; i < 12; i++) {
        others[i] = dial(f);
        run(f, 2);
    }
    others[12] = dial(f);
    transmit(victim, "GET /victim HTTP/1.1\r\nHost: a\r\n\r\n");
    answer = receive(f, victim, NULL);
    if (!strstr(answer, " 408 ") || f->handled > 0)
        fail_msg("handled %u, told: %s", f->handled, answer);
    for (size_t i = 0; i < 13; i++)
        close(others[i]);
    close(victim);
}

static void test_those_who_do_not_read_make_room(void **state)
{
    struct http_world *f = *state;
    int deaf[16], fd;

    for (size_t i = 0; i < 16; i++) {
        deaf[i] = dial(f);
        transmit(deaf[i], "GET /big HTTP/1.1\r\nHost: a\r\n\r\n");
        run(f, 1);
    }
    fd = dial(f);
    transmit(fd, "GET /room HTTP/1.1\r\nHost: a\r\n\r\n");
    run(f, 50); /* well before the time for an answer is over */
    assert_non_null(strstr(receive_now(fd), "path=/room"));
    for (size_t i = 0; i < 16; i++)
        close(deaf[i]);
    close(fd);
}

/* What follows an ambiguous request may be its body or another request: nobody can tell. */
static void test_nothing_is_read_behind_an_ambiguous_request(void **state)
{
    static const char *const REQUESTS[] = {
        "POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\nContent-Length: 36\r\n\r\n",
        "POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\nTransfer-Encoding: chunked\r\n\r\n",
        "POST /x HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
    };

    for (size_t i = 0; i < sizeof(REQUESTS) / sizeof(*REQUESTS); i++) {
        struct http_world *f = *state;
        int fd = dial(f);
        char *answer;

        transmit(fd, REQUESTS[i]);
        (void)send(fd, "GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n", 36, MSG_NOSIGNAL);
        answer = receive(f, fd, NULL);
        assert_non_null(strstr(answer, " 400 "));
        if (strstr(answer, "smuggled"))
            fail_msg("%s->\n%s", REQUESTS[i], answer);
        assert_int_equal(f->handled, 0);
        close(fd);
        run(f, 2);
    }
}

static void test_pending_is_answered_later(void **state)
{
    struct http_world *f = *state;
    int fd = dial(f);

    transmit(fd, "GET /hold HTTP/1.1\r\nHost: a\r\n\r\n");
    run(f, 5);
    assert_non_null(f->held);
    assert_int_equal(http_server_pending(f->server), 1);
    run(f, 900); /* longer than a request may take to arrive: its clock does not run now */
    http_reply_text(f->held, 200, "at last");
    assert_non_null(strstr(receive(f, fd, "at last"), " 200 "));
    assert_int_equal(http_server_pending(f->server), 0);
    close(fd);
}

static void test_pending_survives_its_client(void **state)
{
    struct http_world *f = *state;
    int fd = dial(f);

    transmit(fd, "GET /hold HTTP/1.1\r\nHost: a\r\n\r\n");
    run(f, 5);
    close(fd);
    run(f, 5);
    http_reply_text(f->held, 200, "nobody listens");
    run(f, 5);
    assert_int_equal(http_server_connections(f->server), 0);
}

static void test_too_many_pending(void **state)
{
    struct http_world *f = *state;
    struct http_request *held[2];
    int fds[3];

    for (size_t i = 0; i < 3; i++) {
        fds[i] = dial(f);
        transmit(fds[i], "GET /hold HTTP/1.1\r\nHost: a\r\n\r\n");
        run(f, 5);
        if (i < 2)
            held[i] = f->held;
    }
    assert_non_null(strstr(receive(f, fds[2], "Too many"), " 429 "));
    for (size_t i = 0; i < 2; i++)
        http_reply_text(held[i], 200, "done");
    run(f, 5);
    for (size_t i = 0; i < 3; i++)
        close(fds[i]);
}

static void test_quiesce_leaves_the_backlog(void **state)
{
    struct http_world *f = *state;
    int fd, next;

    http_server_quiesce(f->server);
    run(f, 2);
    fd = dial(f);
    transmit(fd, "GET /later HTTP/1.1\r\nHost: a\r\n\r\n");
    run(f, 20);
    assert_int_equal(http_server_connections(f->server), 0);
    next = accept4(f->listen_fd, NULL, NULL, SOCK_CLOEXEC);
    assert_true(next >= 0);
    close(next);
    close(fd);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, http_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_framing),
        TEST(test_huge_header_is_refused),
        TEST(test_keep_alive_serves_many),
        TEST(test_slow_request_is_answered_408),
        TEST(test_silent_connections_make_room),
        TEST(test_what_was_cut_is_not_handled),
        TEST(test_those_who_do_not_read_make_room),
        TEST(test_nothing_is_read_behind_an_ambiguous_request),
        TEST(test_pending_is_answered_later),
        TEST(test_pending_survives_its_client),
        TEST(test_too_many_pending),
        TEST(test_quiesce_leaves_the_backlog),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
