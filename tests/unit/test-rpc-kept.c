/* Connections that are kept from one call to the next, against a peer that ends, floods and lies on them:
 * what was read is asked for again, a restart never is, and no answer is taken for another call's. */
#include "common/rpc/rpc-kept.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "common/cleanup.h"
#include "common/rpc/rpc.h"
#include "tests/unit/held-clock.h"
#include "tests/unit/kept-world.h"
#include "tests/unit/test.h"

static void test_one_after_the_other(void **state)
{
    struct kept_world *world = *state;

    for (int i = 0; i < 5; i++) {
        kept_pass(world, 0);
        assert_int_equal(rpc_kept_idle(world->kept), 1);
    }
}

/* It ends before it is used, and the loop has said so, or not yet. */
static void test_ended_while_idle(void **state)
{
    struct kept_world *world = *state;

    kept_pass(world, 0);
    kept_hang_up(world, 0);
    kept_turn(world, 3);
    assert_int_equal(rpc_kept_idle(world->kept), 0);
    kept_pass(world, 1);
    kept_hang_up(world, 1);
    kept_pass(world, 2);
}

/* Bytes that nobody asked for: before the loop looked, and after. */
static void test_bytes_while_idle(void **state)
{
    struct kept_world *world = *state;

    kept_pass(world, 0);
    kept_say(world, 0, "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nlies");
    kept_pass(world, 1);
    kept_say(world, 1, "x");
    kept_turn(world, 3);
    assert_int_equal(rpc_kept_idle(world->kept), 0);
    kept_pass(world, 2);
}

/* The peer takes the call and ends without a byte. */
static void end_after_writing(struct kept_world *world, bool reads, struct kept_seen *seen)
{
    kept_pass(world, 0);
    kept_begin(world, reads, seen);
    assert_int_equal(world->n_peers, 1);
    assert_non_null(strstr(kept_heard(world, 0), "<x/>"));
    kept_hang_up(world, 0);
    kept_turn(world, 5);
    kept_accept(world);
}

static void test_what_reads_is_sent_once_more(void **state)
{
    struct kept_world *world = *state;
    struct kept_seen seen;

    end_after_writing(world, true, &seen);
    assert_int_equal(seen.calls, 0);
    assert_int_equal(world->n_peers, 2);
    assert_non_null(strstr(kept_heard(world, 1), "<x/>"));
    kept_say(world, 1, KEPT_GOOD);
    kept_end(world, &seen, RPC_CLIENT_ANSWERED);
    assert_int_equal(rpc_kept_idle(world->kept), 1);
}

static void test_not_a_third_time(void **state)
{
    struct kept_world *world = *state;
    struct kept_seen seen;

    end_after_writing(world, true, &seen);
    kept_hang_up(world, 1);
    kept_end(world, &seen, RPC_CLIENT_UNKNOWN);
    kept_accept(world);
    assert_int_equal(world->n_peers, 2);
}

static void test_a_restart_is_unknown(void **state)
{
    struct kept_world *world = *state;
    struct kept_seen seen;

    end_after_writing(world, false, &seen);
    kept_end(world, &seen, RPC_CLIENT_UNKNOWN);
    assert_int_equal(world->n_peers, 1);
}

/* Nobody is there any more for the second try: nothing was sent to anybody who could have done it. */
static void test_nobody_for_the_second_try(void **state)
{
    struct kept_world *world = *state;
    struct kept_seen seen;

    kept_pass(world, 0);
    kept_begin(world, true, &seen);
    (void)unlink(world->path);
    kept_hang_up(world, 0);
    kept_end(world, &seen, RPC_CLIENT_NOT_SENT);
    assert_int_equal(seen.answer.error, ENOENT);
}

/* It ends within an answer: whoever answered has had the call. Nothing of it is sent again, read or not. */
static void test_ends_within_an_answer(void **state)
{
    static const char *const PIECES[] = {
        "H",
        "HTTP/1.1 200 OK\r\nContent-Le",
        "HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\nhalf",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n",
        "\r\n",
        "nonsense\r\n\r\n",
    };
    struct kept_world *world = *state;

    for (size_t i = 0; i < 2 * sizeof(PIECES) / sizeof(*PIECES); i++) {
        unsigned peer = (unsigned)i;
        struct kept_seen seen;

        kept_pass(world, peer);
        kept_begin(world, i % 2 == 0, &seen);
        kept_say(world, peer, PIECES[i / 2]);
        kept_hang_up(world, peer);
        kept_end(world, &seen, RPC_CLIENT_UNKNOWN);
        kept_accept(world);
        assert_int_equal(world->n_peers, peer + 1);
        assert_int_equal(rpc_kept_idle(world->kept), 0);
    }
}

/* Whole answers after which the connection is not for another call. */
static void test_not_kept(void **state)
{
    static const char *const ANSWERS[] = {
        KEPT_GOOD "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nlies",
        KEPT_GOOD "x",
        KEPT_GOOD "\r\n",
        "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nhi",
        "HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nhi",
        "HTTP/1.1 100 Continue\r\nContent-Length: 2\r\n\r\nhi",
        "HTTP/1.1 503 No\r\nConnection: close\r\nContent-Length: 2\r\n\r\nhi",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\n\r\nHTTP/1.1 200 OK\r\n\r\n",
        "HTTP/1.1 101 Switching\r\nConnection: upgrade\r\nUpgrade: x\r\nContent-Length: 2\r\n\r\nhi",
    };
    struct kept_world *world = *state;

    for (size_t i = 0; i < sizeof(ANSWERS) / sizeof(*ANSWERS); i++) {
        unsigned peer = world->n_peers;
        struct kept_seen seen;

        kept_begin(world, true, &seen);
        assert_int_equal(world->n_peers, peer + 1);
        kept_say(world, peer, ANSWERS[i]);
        for (int j = 0; j < 100 && seen.calls == 0; j++)
            kept_turn(world, 1);
        assert_int_equal(seen.calls, 1);
        if (rpc_kept_idle(world->kept) != 0)
            fail_msg("answer %zu is kept", i);
    }
}

static void test_other_statuses_are_kept(void **state)
{
    struct kept_world *world = *state;
    struct kept_seen seen;

    kept_begin(world, true, &seen);
    kept_say(world, 0, "HTTP/1.1 429 No\r\nContent-Length: 4\r\n\r\nbusy");
    kept_end(world, &seen, RPC_CLIENT_REFUSED);
    assert_int_equal(rpc_kept_idle(world->kept), 1);
    kept_begin(world, true, &seen);
    kept_say(world, 0, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\n\r\n");
    kept_end(world, &seen, RPC_CLIENT_ANSWERED);
    assert_int_equal(rpc_kept_idle(world->kept), 1);
    kept_pass(world, 0);
}

/* Right behind the answer. */
static void test_ended_right_after(void **state)
{
    struct kept_world *world = *state;
    struct kept_seen seen;

    kept_begin(world, false, &seen);
    kept_say(world, 0, KEPT_GOOD);
    kept_hang_up(world, 0);
    kept_end(world, &seen, RPC_CLIENT_ANSWERED);
    kept_pass(world, 1);
}

static void test_body_too_long(void **state)
{
    struct kept_world *world = *state;
    size_t size = RPC_RESPONSE_MAX + 4096, sent = 0;
    _cleanup_(freep) char *body = malloc(size);
    char head[80];
    struct kept_seen seen;

    memset(body, 'x', size);
    kept_pass(world, 0);
    kept_begin(world, true, &seen);
    (void)snprintf(head, sizeof(head), "HTTP/1.1 200 OK\r\nContent-Length: %zu\r\n\r\n", size);
    kept_say(world, 0, head);
    for (int i = 0; i < 5000 && seen.calls == 0; i++) {
        ssize_t n = sent < size ? send(world->peers[0], body + sent, size - sent, MSG_NOSIGNAL) : 0;

        sent += n > 0 ? (size_t)n : 0;
        kept_turn(world, 1);
    }
    kept_end(world, &seen, RPC_CLIENT_UNKNOWN);
    assert_int_equal(seen.answer.error, EMSGSIZE);
    assert_int_equal(rpc_kept_idle(world->kept), 0);
}

static void test_as_many_as_are_kept(void **state)
{
    struct kept_seen seen[RPC_KEPT_MAX + 2];
    struct kept_world *world = *state;

    for (unsigned i = 0; i < RPC_KEPT_MAX + 2; i++)
        kept_begin(world, true, &seen[i]);
    assert_int_equal(world->n_peers, RPC_KEPT_MAX + 2);
    for (unsigned i = 0; i < RPC_KEPT_MAX + 2; i++) {
        kept_say(world, i, KEPT_GOOD);
        kept_end(world, &seen[i], RPC_CLIENT_ANSWERED);
    }
    assert_int_equal(rpc_kept_idle(world->kept), RPC_KEPT_MAX);
}

static void test_let_go(void **state)
{
    struct kept_world *world = *state;
    char byte;

    kept_pass(world, 0);
    clock_advance(RPC_KEPT_IDLE_USEC - 1000);
    kept_turn(world, 3);
    assert_int_equal(rpc_kept_idle(world->kept), 1);
    clock_advance(2000);
    kept_turn(world, 3);
    assert_int_equal(rpc_kept_idle(world->kept), 0);
    (void)kept_heard(world, 0);
    assert_int_equal(recv(world->peers[0], &byte, 1, 0), 0);
}

static void test_nobody_there(void **state)
{
    struct kept_world *world = *state;
    struct kept_seen seen;

    (void)unlink(world->path);
    kept_begin(world, false, &seen);
    kept_end(world, &seen, RPC_CLIENT_NOT_SENT);
    assert_int_equal(seen.answer.error, ENOENT);
}

static void test_given_up(void **state)
{
    const struct rpc_client_request request = { .body = "<x/>", .size = 4, .timeout_usec = 2000000 };
    struct kept_world *world = *state;
    struct rpc_client_call *pending = NULL;
    struct kept_seen seen = { 0 };

    kept_pass(world, 0);
    assert_int_equal(rpc_kept_call(world->kept, &request, true, kept_on_done, &seen, &pending), 0);
    assert_null(rpc_client_call_free(pending));
    kept_turn(world, 3);
    assert_int_equal(seen.calls, 0);
    assert_int_equal(rpc_kept_idle(world->kept), 0);
}

/* A connection that somebody else made, as that to another machine is: it ends with the call. */
static void test_over_a_descriptor(void **state)
{
    struct kept_world *world = *state;
    struct rpc_client_request request = { .body = "<x/>", .size = 4, .timeout_usec = 2000000 };
    struct rpc_client_keep keep = { .fd = -1 };
    struct rpc_client_call *pending = NULL;
    struct kept_seen seen = { 0 };
    int pair[2];

    request.keep = &keep;
    assert_int_equal(rpc_client_call(world->event, &request, kept_on_done, &seen, &pending), -EINVAL);
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, pair), 0);
    keep.fd = pair[0];
    world->peers[world->n_peers++] = pair[1];
    assert_int_equal(rpc_client_call(world->event, &request, kept_on_done, &seen, &pending), 0);
    assert_non_null(strstr(kept_heard(world, 0), "\r\nConnection: close\r\n"));
    kept_say(world, 0, KEPT_GOOD);
    kept_end(world, &seen, RPC_CLIENT_ANSWERED);
    assert_int_equal(fcntl(pair[0], F_GETFD), -1);
}

/* It is gone before the call: nothing was sent, and there is nobody else to send it to. */
static void test_over_a_descriptor_that_ended(void **state)
{
    struct kept_world *world = *state;
    struct rpc_client_request request = { .body = "<x/>", .size = 4, .timeout_usec = 2000000 };
    struct rpc_client_keep keep = { .repeat = true };
    struct rpc_client_call *pending = NULL;
    struct kept_seen seen = { 0 };
    int pair[2];

    request.keep = &keep;
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, pair), 0);
    keep.fd = pair[0];
    closep(&pair[1]);
    assert_int_equal(rpc_client_call(world->event, &request, kept_on_done, &seen, &pending), 0);
    kept_end(world, &seen, RPC_CLIENT_NOT_SENT);
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, kept_setup, kept_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_one_after_the_other),
        TEST(test_ended_while_idle),
        TEST(test_bytes_while_idle),
        TEST(test_what_reads_is_sent_once_more),
        TEST(test_not_a_third_time),
        TEST(test_a_restart_is_unknown),
        TEST(test_nobody_for_the_second_try),
        TEST(test_ends_within_an_answer),
        TEST(test_not_kept),
        TEST(test_other_statuses_are_kept),
        TEST(test_ended_right_after),
        TEST(test_body_too_long),
        TEST(test_as_many_as_are_kept),
        TEST(test_let_go),
        TEST(test_nobody_there),
        TEST(test_given_up),
        TEST(test_over_a_descriptor),
        TEST(test_over_a_descriptor_that_ended),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
