/* The HTTP server and clients that do not do their part: who hangs up while his request is pending is
 * noticed, and who does not read gets no further answer. */
#include "common/http/http.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "common/cleanup.h"

enum { ANSWER_SIZE = 3000, PIPELINED = 200, UNREAD = 2 };

struct fixture {
    sd_event *event;
    int listen_fd;
    union {
        struct sockaddr any;
        struct sockaddr_un un;
        struct sockaddr_in in;
    } address;
    socklen_t address_size;
    struct http_server *server;
    struct http_request *held;
    unsigned handled, gone;
    size_t body_size; /* of the last request */
};

static void on_gone(void *userdata)
{
    struct fixture *f = userdata;

    f->gone++;
}

static void handle(struct http_request *request, void *userdata)
{
    static const char BODY[ANSWER_SIZE] = { 0 };
    struct fixture *f = userdata;

    f->handled++;
    (void)http_request_body(request, &f->body_size);
    if (strcmp(http_request_path(request), "/hold") == 0) {
        f->held = request;
        http_request_on_gone(request, on_gone, f);
        return;
    }
    http_reply(request, 200, http_response_new(BODY, sizeof(BODY), "text/plain"));
}

static void refuse(struct http_request *request, unsigned status, const char *reason, _unused_ void *userdata)
{
    http_reply_text(request, status, reason);
}

static int setup(void **state, int family)
{
    static const struct http_limits LIMITS = { .connections = 16,
                                               .body = 64,
                                               .headers = 4096,
                                               .read_usec = 600000,
                                               .write_usec = 600000,
                                               .pending_max = 8,
                                               .send_buffer = 4096 };
    struct fixture *f = calloc(1, sizeof(*f));
    struct http_callbacks callbacks = { .handle = handle, .refuse = refuse, .userdata = f };
    int bytes = 4096;

    f->address.any.sa_family = (sa_family_t)family;
    f->address_size = family == AF_UNIX ? sizeof(sa_family_t) : sizeof(f->address.in);
    if (family == AF_INET)
        f->address.in.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    f->listen_fd = socket(family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    assert_int_equal(setsockopt(f->listen_fd, SOL_SOCKET, SO_SNDBUF, &bytes, sizeof(bytes)), 0);
    assert_int_equal(bind(f->listen_fd, &f->address.any, f->address_size), 0);
    f->address_size = sizeof(f->address);
    assert_int_equal(getsockname(f->listen_fd, &f->address.any, &f->address_size), 0);
    assert_int_equal(listen(f->listen_fd, 64), 0);
    assert_true(sd_event_new(&f->event) >= 0);
    assert_int_equal(http_server_new(f->event, f->listen_fd, &LIMITS, &callbacks, &f->server), 0);
    *state = f;
    return 0;
}

static int setup_unix(void **state)
{
    return setup(state, AF_UNIX);
}

static int setup_tcp(void **state)
{
    return setup(state, AF_INET);
}

static int teardown(void **state)
{
    struct fixture *f = *state;

    http_server_free(f->server);
    sd_event_unref(f->event);
    close(f->listen_fd);
    free(f);
    return 0;
}

static int dial(struct fixture *f)
{
    int fd = socket(f->address.any.sa_family, SOCK_STREAM | SOCK_CLOEXEC, 0), bytes = 4096;

    assert_int_equal(setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &bytes, sizeof(bytes)), 0);
    assert_int_equal(connect(fd, &f->address.any, f->address_size), 0);
    return fd;
}

static void run(struct fixture *f, unsigned milliseconds)
{
    for (unsigned i = 0; i < milliseconds; i++)
        (void)sd_event_run(f->event, 1000);
}

static void transmit(int fd, const char *bytes)
{
    assert_int_equal(send(fd, bytes, strlen(bytes), MSG_NOSIGNAL), (ssize_t)strlen(bytes));
}

static void hold(struct fixture *f, int fd)
{
    transmit(fd, "GET /hold HTTP/1.1\r\nHost: a\r\n\r\n");
    for (int i = 0; i < 1000 && !f->held; i++)
        run(f, 1);
    assert_non_null(f->held);
}

static void end_held(struct fixture *f)
{
    http_reply(f->held, 0, NULL);
    f->held = NULL;
    run(f, 20);
    assert_int_equal(http_server_connections(f->server), 0);
}

static void test_who_hangs_up_is_noticed_once(void **state)
{
    struct fixture *f = *state;
    int fd = dial(f);

    hold(f, fd);
    run(f, 600);
    assert_int_equal(f->gone, 0);
    close(fd);
    run(f, 1200);
    assert_int_equal(f->gone, 1);
    assert_int_equal(http_server_pending(f->server), 1);
    end_held(f);
}

/* A Unix socket shows the difference. */
static void test_who_only_sends_no_more_stays(void **state)
{
    struct fixture *f = *state;
    int fd = dial(f);

    hold(f, fd);
    (void)shutdown(fd, SHUT_WR);
    run(f, 900);
    assert_int_equal(f->gone, 0);
    close(fd);
    run(f, 900);
    assert_int_equal(f->gone, 1);
    end_held(f);
}

static void test_an_answered_request_is_nobodys(void **state)
{
    struct fixture *f = *state;
    int fd = dial(f);

    hold(f, fd);
    http_reply_text(f->held, 200, "done");
    close(fd);
    run(f, 900);
    assert_int_equal(f->gone, 0);
    assert_int_equal(http_server_connections(f->server), 0);
}

static void pipeline(int fd)
{
    char request[64 * PIPELINED] = "";
    char *at = request;

    for (int i = 0; i < PIPELINED; i++)
        at = stpcpy(at, "GET /x HTTP/1.1\r\nHost: a\r\n\r\n");
    transmit(fd, request);
}

static void test_no_further_answer_for_who_does_not_read(void **state)
{
    struct fixture *f = *state;
    int fd = dial(f);

    pipeline(fd);
    run(f, 400);
    assert_in_range(f->handled, 1, PIPELINED / 4);
    run(f, 1500);
    assert_int_equal(http_server_connections(f->server), 0);
    close(fd);
}

static void read_answers(struct fixture *f, int fd, unsigned answers)
{
    char buffer[4096];
    size_t size = 0;

    for (int i = 0; i < 20000 && (f->handled < answers || size < (size_t)answers * ANSWER_SIZE); i++) {
        ssize_t n = recv(fd, buffer, sizeof(buffer), MSG_DONTWAIT);

        size += n > 0 ? (size_t)n : 0;
        run(f, 1);
    }
    assert_int_equal(f->handled, answers);
    assert_true(size >= (size_t)answers * ANSWER_SIZE);
}

static void test_all_answers_for_who_reads(void **state)
{
    struct fixture *f = *state;
    int fd = dial(f);

    pipeline(fd);
    read_answers(f, fd, PIPELINED);
    close(fd);
}

/* A request with a body, which is there already when the server looks at it at last. */
static void test_forms_behind_answers_that_are_not_read(void **state)
{
    struct fixture *f = *state;
    int fd = dial(f);

    for (int i = 0; i < 20; i++)
        transmit(fd, "POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nabcde");
    run(f, 100);
    assert_in_range(f->handled, 1, 19);
    read_answers(f, fd, 20);
    assert_int_equal(f->body_size, 5);
    close(fd);
}

static void test_who_does_not_read_and_leaves(void **state)
{
    struct fixture *f = *state;
    int fd = dial(f);

    pipeline(fd);
    run(f, 100);
    assert_int_equal(http_server_connections(f->server), 1);
    close(fd);
    run(f, 200);
    assert_int_equal(http_server_connections(f->server), 0);
}

/* The library would abort on a connection that is suspended. */
static void test_end_while_somebody_does_not_read(void **state)
{
    struct fixture *f = *state;
    int fd = dial(f);

    pipeline(fd);
    run(f, 100);
    http_server_quiesce(f->server);
    run(f, 100);
    assert_int_equal(http_server_connections(f->server), 0);
    close(fd);
}

static void test_sudden_end_while_somebody_does_not_read(void **state)
{
    struct fixture *f = *state;
    int fd = dial(f);

    pipeline(fd);
    run(f, 100);
    f->server = http_server_free(f->server);
    close(fd);
}

/* Whoever was answered gets all of it, however slowly he reads and although the server ends meanwhile. */
static void test_answers_outlive_the_server(void **state)
{
    struct fixture *f = *state;
    int fd = dial(f);

    for (unsigned i = 1; i <= UNREAD; i++) {
        transmit(fd, "GET /x HTTP/1.1\r\nHost: a\r\n\r\n");
        run(f, 20);
        assert_int_equal(f->handled, i);
    }
    http_server_quiesce(f->server);
    run(f, 20);
    assert_int_equal(http_server_connections(f->server), 0);
    read_answers(f, fd, UNREAD);
    close(fd);
}

/* Nobody would be there to answer it. */
static void test_request_at_the_sudden_end(void **state)
{
    struct fixture *f = *state;
    int fd = dial(f);

    run(f, 20);
    assert_int_equal(http_server_connections(f->server), 1);
    transmit(fd, "GET /hold HTTP/1.1\r\nHost: a\r\n\r\n");
    f->server = http_server_free(f->server);
    assert_null(f->held);
    close(fd);
}

#define BOTH(test)                                                                                           \
    cmocka_unit_test_setup_teardown(test, setup_unix, teardown),                                             \
        cmocka_unit_test_setup_teardown(test, setup_tcp, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        BOTH(test_who_hangs_up_is_noticed_once),
        cmocka_unit_test_setup_teardown(test_who_only_sends_no_more_stays, setup_unix, teardown),
        BOTH(test_an_answered_request_is_nobodys),
        BOTH(test_no_further_answer_for_who_does_not_read),
        BOTH(test_all_answers_for_who_reads),
        BOTH(test_forms_behind_answers_that_are_not_read),
        BOTH(test_who_does_not_read_and_leaves),
        BOTH(test_end_while_somebody_does_not_read),
        BOTH(test_sudden_end_while_somebody_does_not_read),
        cmocka_unit_test_setup_teardown(test_answers_outlive_the_server, setup_tcp, teardown),
        BOTH(test_request_at_the_sudden_end),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
