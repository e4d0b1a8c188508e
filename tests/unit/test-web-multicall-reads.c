/* Many questions in one system.multicall at POST /RPC2: a few of them are on their way at once, each is
 * answered, and others find their places beside them. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "tests/unit/test.h"
#include "tests/unit/web-client.h"
#include "webfront/calls/relay-multicall.h"

#define CALL(method)                                                                                         \
    "<value><struct><member><name>methodName</name><value>" method "</value></member>"                       \
    "<member><name>params</name><value><array><data><value>1234</value></data></array></value></member>"     \
    "</struct></value>"

#define LIST                                                                                                 \
    "<value><struct><member><name>methodName</name><value>restarter.list</value></member>"                   \
    "<member><name>params</name><value><array><data></data></array></value></member></struct></value>"
#define ONE_BODY                                                                                             \
    "<?xml version=\"1.0\"?><methodCall><methodName>restarter.status</methodName><params><param>"            \
    "<value>1234</value></param></params></methodCall>"

enum { MULTICALLS_MAX = 24, PLACES = 16 };

/* So many of the one, then one of the other, if any. */
static const char *request(unsigned n, const char *call, const char *last)
{
    static char text[16 * 1024], body[14 * 1024];
    int length = snprintf(body, sizeof(body),
                          "<?xml version=\"1.0\"?><methodCall><methodName>system.multicall</methodName>"
                          "<params><param><value><array><data>");

    for (unsigned i = 0; i < n; i++)
        length += snprintf(body + length, sizeof(body) - (size_t)length, "%s", call);
    length += snprintf(body + length, sizeof(body) - (size_t)length,
                       "%s</data></array></value></param></params></methodCall>", last);
    assert_true((size_t)length < sizeof(body));
    (void)snprintf(text, sizeof(text),
                   "POST /RPC2 HTTP/1.1\r\n" WEB_HOST
                   "Content-Type: text/xml\r\nContent-Length: %d\r\n\r\n%s",
                   length, body);
    return text;
}

static const char *statuses(unsigned n)
{
    return request(n, CALL("restarter.status"), "");
}

static const char *one_status(void)
{
    static char text[512];

    (void)snprintf(text, sizeof(text),
                   "POST /RPC2 HTTP/1.1\r\n" WEB_HOST
                   "Content-Type: text/xml\r\nContent-Length: %zu\r\n\r\n%s",
                   strlen(ONE_BODY), ONE_BODY);
    return text;
}

static unsigned count(const char *answer, const char *what)
{
    unsigned n = 0;

    for (const char *at = answer; (at = strstr(at, what)); at += strlen(what))
        n++;
    return n;
}

static void test_all_are_answered(void **state)
{
    struct web *web = *state;
    const char *answer = web_ask(web, statuses(WIRE_PARTS_MAX));

    assert_answer(answer, 200, "other");
    assert_int_equal(count(answer, "faultCode"), 0);
    assert_int_equal(count(answer, "<name>load_state</name>"), WIRE_PARTS_MAX);
    assert_int_equal(web->others, WIRE_PARTS_MAX);
}

/* What is lost on the way is lost by itself. */
static void test_a_few_at_once(void **state)
{
    struct web *web = *state;
    const char *answer;
    int fd;

    web->hold_others = true;
    fd = web_send(web, statuses(WIRE_PARTS_MAX));
    web_run(web, 100);
    assert_int_equal(web->others, RELAY_READS_MAX);
    web->hold_others = false;
    web_forget_held(web);
    answer = web_receive(web, fd);
    assert_answer(answer, 200, "other");
    assert_int_equal(count(answer, "-32300"), RELAY_READS_MAX);
    assert_int_equal(count(answer, "<name>load_state</name>"), WIRE_PARTS_MAX - RELAY_READS_MAX);
}

/* They begin in their order: what was to be done after a question is done after it was asked. */
static void test_in_order(void **state)
{
    struct web *web = *state;
    int fd;

    web->hold_others = true;
    fd = web_send(web, request(RELAY_READS_MAX, CALL("restarter.status"), CALL("restarter.restart")));
    web_run(web, 100);
    assert_int_equal(web->restarts, 1);
    web_forget_held(web);
    assert_answer(web_receive(web, fd), 200, "It was restarted.");
    fd = web_send(web, request(RELAY_READS_MAX + 1, CALL("restarter.status"), CALL("restarter.restart")));
    web_run(web, 100);
    assert_int_equal(web->restarts, 1);
    web->hold_others = false;
    web_forget_held(web);
    assert_answer(web_receive(web, fd), 200, "It was restarted.");
    assert_int_equal(web->restarts, 2);
}

/* Who hangs up has asked nothing more. */
static void test_leaves(void **state)
{
    struct web *web = *state;

    web->hold_others = true;
    for (unsigned i = 1; i <= MULTICALLS_MAX + 1; i++) {
        int fd =
            web_send(web, request(WIRE_PARTS_MAX - 1, CALL("restarter.status"), CALL("restarter.restart")));

        web_run(web, 50);
        (void)close(fd);
        web_run(web, 1200); /* milliseconds: the front looks for who has left a few times a second */
        web_forget_held(web);
        web_run(web, 50);
        assert_int_equal(web->others, i * RELAY_READS_MAX);
    }
    assert_int_equal(web->restarts, 0);
    web->hold_others = false;
    assert_answer(web_ask(web, statuses(WIRE_PARTS_MAX)), 200, "other");
}

/* As many as may wait take half of the places for questions: whoever asks one finds one, and those who click
 * have theirs. What finds no place while nothing of its own is on its way is told so. */
static void test_a_crowd(void **state)
{
    struct web *web = *state;
    int fds[MULTICALLS_MAX];

    web->hold_others = true;
    for (unsigned i = 0; i < MULTICALLS_MAX; i++)
        fds[i] = web_send(web, statuses(WIRE_PARTS_MAX));
    web_run(web, 200);
    assert_int_equal(web->others, PLACES / 2);
    assert_answer(web_ask(web, web_format_click(1234)), 200, "true");
    web->hold_others = false;
    assert_answer(web_ask(web, one_status()), 200, "<name>load_state</name>");
    web_forget_held(web);
    for (unsigned i = 0; i < MULTICALLS_MAX; i++) {
        const char *answer = web_receive(web, fds[i]);

        assert_answer(answer, 200, "<array><data>");
        assert_int_equal(count(answer, "faultCode") + count(answer, "<name>load_state</name>"),
                         WIRE_PARTS_MAX);
    }
    assert_int_equal(count(web_ask(web, statuses(WIRE_PARTS_MAX)), "<name>load_state</name>"),
                     WIRE_PARTS_MAX);
}

/* Nobody waits for more lists than a few at once, so those who look at the page find a place among those who
 * wait. */
static void test_a_crowd_for_lists(void **state)
{
    struct web *web = *state;
    int fds[MULTICALLS_MAX], page;

    web->hold_lists = true;
    for (unsigned i = 0; i < MULTICALLS_MAX; i++)
        fds[i] = web_send(web, request(WIRE_PARTS_MAX, LIST, ""));
    web_run(web, 200);
    page = web_send(web, "GET /api/instances HTTP/1.1\r\n" WEB_HOST "\r\n");
    web_run(web, 200);
    web->hold_lists = false;
    web_release_lists(web);
    assert_answer(web_receive(web, page), 200, "instances");
    for (unsigned i = 0; i < MULTICALLS_MAX; i++) {
        const char *answer = web_receive(web, fds[i]);

        assert_answer(answer, 200, "<array><data>");
        assert_int_equal(count(answer, "faultCode"), 0);
        assert_int_equal(count(answer, "<name>policy_ok</name>"), WIRE_PARTS_MAX);
    }
}

/* Nothing begins once the web front ends, and what is under way is not known. */
static void test_stopped(void **state)
{
    struct web *web = *state;
    const char *answer;
    int fd;

    web->hold_others = true;
    fd = web_send(web, statuses(WIRE_PARTS_MAX));
    web_run(web, 100);
    webfront_stop(web->front);
    answer = web_receive(web, fd);
    assert_answer(answer, 200, "about to end");
    assert_int_equal(count(answer, "faultCode"), WIRE_PARTS_MAX);
    assert_int_equal(web->others, RELAY_READS_MAX);
    web_forget_held(web);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, web_setup, web_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_all_are_answered), TEST(test_a_few_at_once),     TEST(test_in_order), TEST(test_leaves),
        TEST(test_a_crowd),          TEST(test_a_crowd_for_lists), TEST(test_stopped),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
