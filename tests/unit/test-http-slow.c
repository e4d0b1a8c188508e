/* The HTTP server and clients that do not do their part: who hangs up while his request is pending is
 * noticed, and who does not read gets no further answer. */
#include "common/http/http.h"

#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "common/cleanup.h"
#include "tests/unit/http-fixture.h"
#include "tests/unit/test.h"

enum { ANSWER_SIZE = 3000, PIPELINED = 200, UNREAD = 2, BUFFER_SIZE = 4096 };

static void on_gone(void *userdata)
{
    struct http_world *f = userdata;

    f->gone++;
}

static void handle(struct http_request *request, void *userdata)
{
    static const char BODY[ANSWER_SIZE] = { 0 };
    struct http_world *f = userdata;

    f->handled++;
    (void)http_request_body(request, &f->body_size);
    if (strcmp(http_request_path(request), "/hold") == 0) {
        f->held = request;
        http_request_on_gone(request, on_gone, f);
        return;
    }
    http_reply(request, 200, http_response_new(BODY, sizeof(BODY), "text/plain"));
}

static const struct http_limits LIMITS = {
    .connections = 16,
    .body = 64,
    .headers = 4096,
    .read_usec = 600000,
    .write_usec = 600000,
    .pending_max = 8,
    .send_buffer = BUFFER_SIZE,
};

static int setup_unix(void **state)
{
    return http_setup(state, AF_UNIX, &LIMITS, BUFFER_SIZE, handle);
}

static int setup_tcp(void **state)
{
    return http_setup(state, AF_INET, &LIMITS, BUFFER_SIZE, handle);
}

static void hold(struct http_world *f, int fd)
{
    transmit(fd, "GET /hold HTTP/1.1\r\nHost: a\r\n\r\n");
    for (int i = 0; i < 1000 && !f->held; i++)
        run(f, 1);
    assert_non_null(f->held);
}

static void end_held(struct http_world *f)
{
    http_reply(f->held, 0, NULL);
    f->held = NULL;
    run(f, 20);
    assert_int_equal(http_server_connections(f->server), 0);
}

static void test_who_hangs_up_is_noticed_once(void **state)
{
    struct http_world *f = *state;
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
    struct http_world *f = *state;
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
    struct http_world *f = *state;
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
    struct http_world *f = *state;
    int fd = dial(f);

    pipeline(fd);
    run(f, 400);
    assert_in_range(f->handled, 1, PIPELINED / 4);
    run(f, 1500);
    assert_int_equal(http_server_connections(f->server), 0);
    close(fd);
}

static void read_answers(struct http_world *f, int fd, unsigned answers)
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
    struct http_world *f = *state;
    int fd = dial(f);

    pipeline(fd);
    read_answers(f, fd, PIPELINED);
    close(fd);
}

/* A request with a body, which is there already when the server looks at it at last. */
static void test_forms_behind_answers_that_are_not_read(void **state)
{
    struct http_world *f = *state;
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
    struct http_world *f = *state;
    int fd = dial(f);

    pipeline(fd);
    /* Not longer than it takes: on a slow machine the time for an answer would be over. */
    for (int i = 0; i < 1000 && f->handled == 0; i++)
        run(f, 1);
    assert_int_equal(http_server_connections(f->server), 1);
    close(fd);
    run(f, 200);
    assert_int_equal(http_server_connections(f->server), 0);
}

/* The library would abort on a connection that is suspended. */
static void test_end_while_somebody_does_not_read(void **state)
{
    struct http_world *f = *state;
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
    struct http_world *f = *state;
    int fd = dial(f);

    pipeline(fd);
    run(f, 100);
    f->server = http_server_free(f->server);
    close(fd);
}

/* Whoever was answered gets all of it, however slowly he reads and although the server ends meanwhile. */
static void test_answers_outlive_the_server(void **state)
{
    struct http_world *f = *state;
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
    struct http_world *f = *state;
    int fd = dial(f);

    run(f, 20);
    assert_int_equal(http_server_connections(f->server), 1);
    transmit(fd, "GET /hold HTTP/1.1\r\nHost: a\r\n\r\n");
    f->server = http_server_free(f->server);
    assert_null(f->held);
    close(fd);
}

#define BOTH(test)                                                                                           \
    cmocka_unit_test_setup_teardown(test, setup_unix, http_teardown),                                        \
        cmocka_unit_test_setup_teardown(test, setup_tcp, http_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        BOTH(test_who_hangs_up_is_noticed_once),
        cmocka_unit_test_setup_teardown(test_who_only_sends_no_more_stays, setup_unix, http_teardown),
        BOTH(test_an_answered_request_is_nobodys),
        BOTH(test_no_further_answer_for_who_does_not_read),
        BOTH(test_all_answers_for_who_reads),
        BOTH(test_forms_behind_answers_that_are_not_read),
        BOTH(test_who_does_not_read_and_leaves),
        BOTH(test_end_while_somebody_does_not_read),
        BOTH(test_sudden_end_while_somebody_does_not_read),
        cmocka_unit_test_setup_teardown(test_answers_outlive_the_server, setup_tcp, http_teardown),
        BOTH(test_request_at_the_sudden_end),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
