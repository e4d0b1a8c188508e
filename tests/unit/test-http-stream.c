/* Answers whose bytes come later: in order, to many clients at once; who does not read is cut and holds up
 * nobody, who has left is noticed, and all of them are ended with the server. */
#include "common/http/http-stream.h"

#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "common/cleanup.h"
#include "tests/unit/http-fixture.h"
#include "tests/unit/test.h"

enum { STREAMS_MAX = 6, CONNECTIONS = 8, BUFFER_SIZE = 4096, LONG_SIZE = 100000 };

static const struct http_limits LIMITS = {
    .connections = CONNECTIONS,
    .streams = STREAMS_MAX,
    .body = 64,
    .headers = 4096,
    .read_usec = 600000,
    .write_usec = 600000,
    .pending_max = 4,
    .send_buffer = BUFFER_SIZE,
};

/* What a test's streams are fed from: one queue, and how far each of them is. */
static struct http_piece *queue[64];
static size_t n_queue;
static unsigned n_open, n_ended;

static struct reader {
    struct http_stream *stream;
    size_t at;
} readers[2 * STREAMS_MAX];

static struct http_piece *next(void *userdata)
{
    struct reader *reader = userdata;

    return reader->at < n_queue ? http_piece_ref(queue[reader->at++]) : NULL;
}

static void ended(void *userdata)
{
    struct reader *reader = userdata;

    reader->stream = NULL;
    n_ended++;
}

static void handle(struct http_request *request, void *userdata)
{
    struct http_world *f = userdata;
    struct http_feed feed = { .next = next, .ended = ended, .userdata = &readers[n_open] };
    struct MHD_Response *response = NULL;

    f->handled++;
    if (strcmp(http_request_path(request), "/x") == 0) {
        http_reply_text(request, 200, "plain");
        return;
    }
    readers[n_open].at = 0;
    if (http_stream_new(request, &feed, &readers[n_open].stream, &response) == HTTP_STREAM_E_FULL) {
        http_reply_text(request, 429, "full");
        return;
    }
    n_open++;
    assert_int_equal(MHD_add_response_header(response, "Content-Type", "text/event-stream"), MHD_YES);
    http_reply(request, 200, response);
}

static int setup(void **state, int family)
{
    memset(readers, 0, sizeof(readers));
    n_queue = n_open = n_ended = 0;
    return http_setup(state, family, &LIMITS, BUFFER_SIZE, handle);
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
    int r = http_teardown(state);

    while (n_queue > 0)
        http_piece_unref(queue[--n_queue]);
    return r;
}

static void wake_all(void)
{
    for (unsigned i = 0; i < n_open; i++)
        if (readers[i].stream)
            http_stream_wake(readers[i].stream);
}

static void say(const char *text)
{
    queue[n_queue++] = http_piece_new(strdup(text), strlen(text));
    wake_all();
}

static void say_much(void)
{
    char *text = malloc(LONG_SIZE);

    memset(text, 'm', LONG_SIZE);
    queue[n_queue++] = http_piece_new(text, LONG_SIZE);
    wake_all();
}

static int open_stream(struct http_world *f)
{
    unsigned before = f->handled;
    int fd = dial(f);

    transmit(fd, "GET /s HTTP/1.1\r\nHost: a\r\n\r\n");
    for (int i = 0; i < 1000 && f->handled == before; i++)
        run(f, 1);
    return fd;
}

static void wait_until(struct http_world *f, const unsigned *number, unsigned value)
{
    for (int i = 0; i < 10000 && *number != value; i++)
        run(f, 1);
    assert_int_equal(*number, value);
}

static void test_bytes_come_later_to_all(void **state)
{
    struct http_world *f = *state;
    int one = open_stream(f), two = open_stream(f);

    assert_non_null(strstr(receive(f, one, "\r\n\r\n"), "text/event-stream"));
    say("first");
    assert_non_null(strstr(receive(f, one, "first"), "5\r\nfirst"));
    assert_non_null(strstr(receive(f, two, "first"), "\r\n5\r\nfirst"));
    say("second");
    say("third");
    assert_non_null(strstr(receive(f, two, "third"), "second\r\n5\r\nthird"));
    assert_int_equal(http_server_streams(f->server), 2);
    assert_int_equal(http_server_pending(f->server), 0);
    http_stream_end(readers[0].stream);
    assert_non_null(strstr(receive(f, one, "0\r\n\r\n"), "third\r\n0\r\n\r\n"));
    assert_int_equal(n_ended, 1);
    close(one);
    close(two);
    wait_until(f, &n_ended, 2);
    assert_int_equal(http_server_streams(f->server), 0);
}

/* An answer that ended leaves the connection to the next request. */
static void test_a_request_behind_a_stream(void **state)
{
    struct http_world *f = *state;
    int fd = open_stream(f);

    (void)receive(f, fd, "\r\n\r\n");
    http_stream_end(readers[0].stream);
    (void)receive(f, fd, "0\r\n\r\n");
    transmit(fd, "GET /x HTTP/1.1\r\nHost: a\r\n\r\n");
    assert_non_null(strstr(receive(f, fd, "plain"), "plain"));
    close(fd);
}

static void test_rest_is_no_delay(void **state)
{
    struct http_world *f = *state;
    int fd = open_stream(f);

    say("a");
    (void)receive(f, fd, "\r\na\r\n");
    run(f, 1500);
    say("b");
    assert_non_null(strstr(receive(f, fd, "\r\nb\r\n"), "\r\nb\r\n"));
    assert_int_equal(n_ended, 0);
    close(fd);
}

/* What is said goes on to whoever reads, and the one who does not is cut. */
static void test_who_does_not_read_is_cut(void **state)
{
    struct http_world *f = *state;
    int deaf = open_stream(f), fd = open_stream(f);
    char buffer[4096];

    say_much();
    for (int i = 0; i < 10000 && n_ended == 0; i++) {
        while (recv(fd, buffer, sizeof(buffer), MSG_DONTWAIT) > 0)
            ;
        run(f, 1);
    }
    assert_int_equal(n_ended, 1);
    assert_null(readers[0].stream);
    say("after");
    assert_non_null(strstr(receive(f, fd, "after"), "after"));
    close(deaf);
    close(fd);
}

/* Little by little into the kernel's buffers, until nothing more goes in. */
static void test_who_never_reads_small_ones(void **state)
{
    struct http_world *f = *state;
    int deaf = open_stream(f);
    char text[512];

    memset(text, 's', sizeof(text) - 1);
    text[sizeof(text) - 1] = '\0';
    for (int i = 0; i < 60 && n_ended == 0; i++) {
        say(text);
        run(f, 5);
    }
    wait_until(f, &n_ended, 1);
    close(deaf);
}

static void test_who_left_is_noticed(void **state)
{
    struct http_world *f = *state;
    int fd = open_stream(f);

    (void)receive(f, fd, "\r\n\r\n");
    close(fd);
    wait_until(f, &n_ended, 1);
    assert_int_equal(http_server_connections(f->server), 0);
}

static void test_half_closed_counts_as_left_over_tcp(void **state)
{
    struct http_world *f = *state;
    int fd = open_stream(f);

    (void)receive(f, fd, "\r\n\r\n");
    (void)shutdown(fd, SHUT_WR);
    wait_until(f, &n_ended, 1);
    close(fd);
}

static void test_as_many_as_there_may_be(void **state)
{
    struct http_world *f = *state;
    int fds[STREAMS_MAX], others[CONNECTIONS], more;

    for (int i = 0; i < STREAMS_MAX; i++)
        fds[i] = open_stream(f);
    more = open_stream(f);
    assert_non_null(strstr(receive(f, more, "full"), " 429 "));
    close(more);
    /* Who comes for something else finds as much room as ever, and no stream is cut for them. */
    for (int i = 0; i < CONNECTIONS; i++) {
        others[i] = dial(f);
        transmit(others[i], "GET /x HTTP/1.1\r\nHost: a\r\n\r\n");
        assert_non_null(strstr(receive(f, others[i], "plain"), "plain"));
    }
    assert_int_equal(n_ended, 0);
    assert_int_equal(http_server_streams(f->server), STREAMS_MAX);
    for (int i = 0; i < STREAMS_MAX; i++)
        close(fds[i]);
    for (int i = 0; i < CONNECTIONS; i++)
        close(others[i]);
    wait_until(f, &n_ended, STREAMS_MAX);
    more = open_stream(f);
    assert_non_null(strstr(receive(f, more, "\r\n\r\n"), " 200 "));
    close(more);
}

static void test_only_the_head(void **state)
{
    struct http_world *f = *state;
    int fd = dial(f);

    transmit(fd, "HEAD /s HTTP/1.1\r\nHost: a\r\n\r\n");
    assert_non_null(strstr(receive(f, fd, "\r\n\r\n"), "text/event-stream"));
    wait_until(f, &n_ended, 1);
    close(fd);
}

static void test_an_old_client(void **state)
{
    struct http_world *f = *state;
    int fd = dial(f);

    transmit(fd, "GET /s HTTP/1.0\r\nHost: a\r\n\r\n");
    (void)receive(f, fd, "\r\n\r\n");
    say("as it is");
    assert_non_null(strstr(receive(f, fd, "as it is"), "as it is"));
    close(fd);
}

static void test_the_end_ends_them(void **state)
{
    struct http_world *f = *state;
    int fd = open_stream(f);

    (void)receive(f, fd, "\r\n\r\n");
    http_server_quiesce(f->server);
    assert_non_null(strstr(receive(f, fd, NULL), "0\r\n\r\n"));
    assert_int_equal(http_server_connections(f->server), 0);
    assert_int_equal(n_ended, 1);
    close(fd);
}

static void test_the_end_does_not_wait_for_the_deaf(void **state)
{
    struct http_world *f = *state;
    int deaf = open_stream(f);

    say_much();
    run(f, 50);
    http_server_quiesce(f->server);
    run(f, 50);
    assert_int_equal(http_server_connections(f->server), 0);
    assert_int_equal(n_ended, 1);
    close(deaf);
}

static void test_the_sudden_end(void **state)
{
    struct http_world *f = *state;
    int waiting = open_stream(f), deaf = open_stream(f);

    (void)receive(f, waiting, "\r\n\r\n");
    say_much();
    run(f, 5);
    f->server = http_server_free(f->server);
    assert_int_equal(n_ended, 2);
    close(waiting);
    close(deaf);
}

#define BOTH(test)                                                                                           \
    cmocka_unit_test_setup_teardown(test, setup_unix, teardown),                                             \
        cmocka_unit_test_setup_teardown(test, setup_tcp, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        BOTH(test_bytes_come_later_to_all),
        BOTH(test_a_request_behind_a_stream),
        BOTH(test_rest_is_no_delay),
        BOTH(test_who_does_not_read_is_cut),
        BOTH(test_who_never_reads_small_ones),
        BOTH(test_who_left_is_noticed),
        cmocka_unit_test_setup_teardown(test_half_closed_counts_as_left_over_tcp, setup_tcp, teardown),
        BOTH(test_as_many_as_there_may_be),
        BOTH(test_only_the_head),
        BOTH(test_an_old_client),
        BOTH(test_the_end_ends_them),
        BOTH(test_the_end_does_not_wait_for_the_deaf),
        BOTH(test_the_sudden_end),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
