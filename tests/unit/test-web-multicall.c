/* system.multicall at POST /RPC2: each call in it goes to the broker by itself, with the place, the list and
 * the record that it would have alone; the broker never sees the whole. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "tests/unit/test.h"
#include "tests/unit/web-client.h"

#define CALL(method, params)                                                                                 \
    "<value><struct><member><name>methodName</name><value>" method "</value></member>"                       \
    "<member><name>params</name><value><array><data>" params                                                 \
    "</data></array></value></member></struct></value>"
#define CALLS(calls) "<param><value><array><data>" calls "</data></array></value></param>"
#define RESTART(id) CALL("restarter.restart", "<value>" id "</value>")
#define LIST CALL("restarter.list", "")
#define STATUS CALL("restarter.status", "<value>1234</value>")

enum { MULTICALLS_MAX = 24 };

static const char *request(const char *calls)
{
    return web_format_call("system.multicall", calls);
}

static unsigned count(const char *answer, const char *what)
{
    unsigned n = 0;

    for (const char *at = answer; (at = strstr(at, what)); at += strlen(what))
        n++;
    return n;
}

static void test_each_by_itself(void **state)
{
    struct web *web = *state;
    const char *answer = web_ask(web, request(CALLS(RESTART("1234") LIST STATUS RESTART("1235"))));

    assert_answer(answer, 200, "\r\nContent-Type: text/xml\r\n");
    assert_int_equal(count(answer, "It was restarted."), 2);
    assert_int_equal(count(answer, "policy_ok"), 1);
    assert_int_equal(count(answer, "faultCode"), 0);
    assert_int_equal(web->restarts, 2);
    assert_int_equal(web->lists, 1);
    assert_int_equal(web->others, 1);
    assert_answer(web_ask(web, request(CALLS(""))), 200, "<array><data>");
    assert_int_equal(web->restarts + web->lists + web->others, 4);
}

/* The list of a moment ago is told again, as to who asks for it alone. */
static void test_lists(void **state)
{
    struct web *web = *state;

    assert_int_equal(count(web_ask(web, request(CALLS(LIST LIST LIST))), "policy_ok"), 3);
    assert_int_equal(web->lists, 1);
}

static void test_garbage(void **state)
{
    struct web *web = *state;
    const char *answer = web_ask(web, request(CALLS("<value>x</value>" CALL("system.multicall", "")
                                                        CALL("restarter.changes", "") RESTART("1234"))));

    assert_answer(answer, 200, "It was restarted.");
    assert_int_equal(count(answer, "-32600"), 3);
    assert_answer(
        web_ask(web, request(CALLS(CALL("system.shutdown", "") CALL("restarter.list", "<value>1</value>")))),
        200, "-32601");
    assert_answer(web_ask(web, request("<param><value>1</value></param>")), 200, "-32602");
    assert_answer(web_ask(web, request("")), 200, "-32602");
    assert_int_equal(web->restarts + web->lists + web->others, 1);
}

/* A refusal, a broker that is not there, and nonsense are each call's own. */
static void test_ends(void **state)
{
    struct web *web = *state;
    const char *answer;

    web->mode = BROKER_REFUSES;
    answer = web_ask(web, request(CALLS(RESTART("1234") STATUS)));
    assert_answer(answer, 200, "Wait &lt;7&gt; s.");
    assert_int_equal(count(answer, "faultCode"), 1);
    web->mode = BROKER_BABBLES;
    assert_answer(web_ask(web, request(CALLS(RESTART("1234")))), 200, "<i4>12</i4>");
    web_stop_broker(web);
    answer = web_ask(web, request(CALLS(RESTART("1234") STATUS LIST)));
    assert_int_equal(count(answer, "<i4>10</i4>"), 1);
    assert_int_equal(count(answer, "-32300"), 2);
}

/* Who waits for a restart waits for all of it. */
static void test_waits(void **state)
{
    struct web *web = *state;
    int fd;

    web->mode = BROKER_HOLDS;
    fd = web_send(web, request(CALLS(STATUS RESTART("1234") RESTART("1235"))));
    web_run(web, 100);
    assert_int_equal(web->restarts, 2);
    web->mode = BROKER_RESTARTS;
    web_release(web);
    assert_int_equal(count(web_receive(web, fd), "It was restarted."), 2);
}

/* Who leaves takes his calls along, and no place is lost by that; who waits for the list is no more. */
static void test_leaves(void **state)
{
    struct web *web = *state;

    web->mode = BROKER_HOLDS;
    web->hold_lists = true;
    for (unsigned i = 0; i < 3 * MULTICALLS_MAX; i++) {
        int fd = web_send(web, request(CALLS(RESTART("1234") LIST)));

        web_run(web, 20);
        (void)close(fd);
        web_run(web, 20);
    }
    assert_int_equal(web->restarts, 3 * MULTICALLS_MAX);
    web_forget_held(web);
    web->mode = BROKER_RESTARTS;
    web->hold_lists = false;
    web_stop_broker(web);
    web_start_broker(web);
    web_run(web, 50);
    assert_answer(web_ask(web, request(CALLS(RESTART("1234")))), 200, "It was restarted.");
}

/* So many wait at once; single calls find their places all the same. */
static void test_how_many(void **state)
{
    struct web *web = *state;
    int fds[MULTICALLS_MAX];

    web->mode = BROKER_HOLDS;
    for (unsigned i = 0; i < MULTICALLS_MAX; i++) {
        char calls[512];

        (void)snprintf(calls, sizeof(calls), CALLS(RESTART("%u")), 2000 + i);
        fds[i] = web_send(web, request(calls));
    }
    web_run(web, 200);
    assert_int_equal(web->restarts, MULTICALLS_MAX);
    assert_answer(web_ask(web, request(CALLS(STATUS))), 200, "Nothing was done: too many");
    web->mode = BROKER_RESTARTS;
    assert_answer(web_ask(web, web_format_click(1234)), 200, "true");
    web_release(web);
    web_receive_all(web, fds, MULTICALLS_MAX, "It was restarted.");
    assert_answer(web_ask(web, request(CALLS(STATUS))), 200, "other");
}

/* Nobody is logged in for any of it, and nothing was done: a program is asked who it is. */
static void test_login(void **state)
{
    struct web *web = *state;

    web->wants_login = true;
    assert_answer(web_ask(web, request(CALLS(RESTART("1234") LIST))), 401, "\r\nWWW-Authenticate: Basic");
    assert_int_equal(web->restarts, 0);
}

/* The end of the web front: what may have been done is not known. */
static void test_stopped(void **state)
{
    struct web *web = *state;
    int fd;

    web->mode = BROKER_HOLDS;
    web->hold_lists = true;
    fd = web_send(web, request(CALLS(RESTART("1234") LIST)));
    web_run(web, 50);
    webfront_stop(web->front);
    assert_answer(web_receive(web, fd), 200, "<i4>12</i4>");
    web_forget_held(web);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, web_setup, web_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_each_by_itself), TEST(test_lists), TEST(test_garbage),
        TEST(test_ends),           TEST(test_waits), TEST(test_leaves),
        TEST(test_how_many),       TEST(test_login), TEST(test_stopped),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
