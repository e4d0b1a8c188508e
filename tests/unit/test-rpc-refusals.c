/* Refusals by HTTP, as a broker sends them and as whatever stands before a far one does: what refuses is the
 * head. The body is words for people, so that one that is too long, cut off or never comes takes nothing from
 * it, and at most RPC_REFUSAL_MAX bytes of it are kept. */
#include "common/rpc/rpc-client.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "common/cleanup.h"
#include "common/rpc/rpc-kept.h"
#include "common/rpc/rpc.h"
#include "tests/unit/held-clock.h"
#include "tests/unit/kept-world.h"
#include "tests/unit/test.h"

static void assert_refused(const struct kept_world *world, const struct kept_seen *seen, unsigned status)
{
    assert_int_equal(seen->answer.status, status);
    assert_true(seen->answer.size <= RPC_REFUSAL_MAX);
    assert_int_equal(rpc_kept_idle(world->kept), 0);
}

/* Sends the head, and then so many bytes of the piece, or for as long as somebody takes them. */
static void flood(struct kept_world *world, const char *head, const char *piece, struct kept_seen *seen)
{
    unsigned peer = world->n_peers;

    kept_begin(world, false, seen);
    kept_say(world, peer, head);
    for (int i = 0; i < 100000 && seen->calls == 0; i++) {
        (void)send(world->peers[peer], piece, strlen(piece), MSG_NOSIGNAL | MSG_DONTWAIT);
        kept_turn(world, 1);
    }
}

static char *piece_of(size_t size, const char *before, const char *after)
{
    char *piece = malloc(size + strlen(before) + strlen(after) + 1);

    assert_non_null(piece);
    strcpy(piece, before);
    memset(piece + strlen(before), 'x', size);
    strcpy(piece + strlen(before) + size, after);
    return piece;
}

static void test_longer_than_anybody_reads(void **state)
{
    _cleanup_(freep) char *plain = piece_of(4096, "", ""), *chunk = piece_of(4096, "1000\r\n", "\r\n");
    const struct {
        const char *head, *piece;
    } CASES[] = {
        { "Content-Length: 10000000\r\n\r\n", plain },
        { "Transfer-Encoding: chunked\r\n\r\n", chunk },
        { "\r\n", plain }, /* until the end, which does not come */
    };
    struct kept_world *world = *state;

    for (unsigned status = 501; status <= 504; status++)
        for (size_t i = 0; i < sizeof(CASES) / sizeof(*CASES); i++) {
            struct kept_seen seen;
            char head[80];

            (void)snprintf(head, sizeof(head), "HTTP/1.1 %u No\r\n%s", status, CASES[i].head);
            flood(world, head, CASES[i].piece, &seen);
            kept_end(world, &seen, RPC_CLIENT_REFUSED);
            assert_refused(world, &seen, status);
            assert_int_equal(seen.answer.size, RPC_REFUSAL_MAX);
        }
}

/* As long as may be, it is whole, and the connection is kept. */
static void test_as_long_as_may_be(void **state)
{
    _cleanup_(freep) char *words = piece_of(RPC_REFUSAL_MAX, "", "");
    struct kept_world *world = *state;
    struct kept_seen seen;
    char head[80];

    (void)snprintf(head, sizeof(head), "HTTP/1.1 403 No\r\nContent-Length: %d\r\n\r\n", RPC_REFUSAL_MAX);
    kept_begin(world, false, &seen);
    kept_say(world, 0, head);
    kept_say(world, 0, words);
    kept_end(world, &seen, RPC_CLIENT_REFUSED);
    assert_int_equal(seen.answer.size, RPC_REFUSAL_MAX);
    assert_int_equal(rpc_kept_idle(world->kept), 1);
}

static const char *const CUT[] = {
    "HTTP/1.1 503 No\r\nRetry-After: 5\r\nContent-Length: 20\r\n\r\n",
    "HTTP/1.1 503 No\r\nRetry-After: 5\r\nContent-Length: 20\r\n\r\nweb1 is",
    "HTTP/1.1 503 No\r\nRetry-After: 5\r\nTransfer-Encoding: chunked\r\n\r\n",
    "HTTP/1.1 503 No\r\nRetry-After: 5\r\nTransfer-Encoding: chunked\r\n\r\n7\r\nweb1 is\r\n",
};

static void refuse_half(struct kept_world *world, size_t i, struct kept_seen *seen)
{
    unsigned peer = world->n_peers;

    kept_begin(world, false, seen);
    kept_say(world, peer, CUT[i]);
    kept_turn(world, 3);
    assert_int_equal(seen->calls, 0);
}

static void test_ends_before_its_words_do(void **state)
{
    struct kept_world *world = *state;

    for (size_t i = 0; i < sizeof(CUT) / sizeof(*CUT); i++) {
        struct kept_seen seen;

        refuse_half(world, i, &seen);
        kept_hang_up(world, (unsigned)i);
        kept_end(world, &seen, RPC_CLIENT_REFUSED);
        assert_refused(world, &seen, 503);
        assert_int_equal(seen.answer.retry_after, 5);
        assert_string_equal(seen.body, i % 2 ? "web1 is" : "");
    }
}

static void test_its_words_never_come(void **state)
{
    struct kept_world *world = *state;

    for (size_t i = 0; i < sizeof(CUT) / sizeof(*CUT); i++) {
        struct kept_seen seen;

        refuse_half(world, i, &seen);
        clock_advance(3000000);
        kept_end(world, &seen, RPC_CLIENT_REFUSED);
        assert_refused(world, &seen, 503);
    }
}

/* An answer is another matter: half of one is none. And so is a head that did not come to its end. */
static void test_no_refusals(void **state)
{
    static const char *const ANSWERS[] = {
        "HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\nhalf",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n",
        "HTTP/1.1 503 No\r\n",
        "HTTP/1.1 503 No\r\nContent-Length: 3\r\nContent-Length: 2\r\n\r\nno",
        "HTTP/1.1 503 No\r\nContent-Length: -1\r\n\r\nno",
        "HTTP/1.1 503",
        "503 No\r\n\r\n",
    };
    struct kept_world *world = *state;

    for (size_t i = 0; i < sizeof(ANSWERS) / sizeof(*ANSWERS); i++) {
        struct kept_seen seen;

        kept_begin(world, false, &seen);
        kept_say(world, (unsigned)i, ANSWERS[i]);
        kept_hang_up(world, (unsigned)i);
        kept_end(world, &seen, RPC_CLIENT_UNKNOWN);
    }
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, kept_setup, kept_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_longer_than_anybody_reads),
        TEST(test_as_long_as_may_be),
        TEST(test_ends_before_its_words_do),
        TEST(test_its_words_never_come),
        TEST(test_no_refusals),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
