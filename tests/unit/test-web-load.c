/* The web front with many requests at once, and at its end: one call for a burst of pages, nothing stale
 * after a restart, a bound on what waits, and an honest answer for everybody when it stops. */
#include <string.h>
#include <sys/socket.h>

#include "common/clock.h"
#include "webfront/calls/list-cache.h"
#include "tests/unit/held-clock.h"
#include "tests/unit/test.h"
#include "tests/unit/web-client.h"

enum { BURST = 40 };

/* Those of pages and of programs apart. A list is kept for LIST_FRESH_USEC: on a machine that is slow just
 * then, a burst may outlast it. */
static void assert_one_list_at_a_time(const struct web *web, uint64_t since_usec)
{
    assert_in_range(web->lists, 1, 2 * (1 + (clock_usec() - since_usec) / LIST_FRESH_USEC));
}

static void test_one_call_for_a_burst(void **state)
{
    struct web *web = *state;
    uint64_t since_usec = clock_usec();
    int fds[BURST];

    for (size_t i = 0; i < BURST; i++)
        fds[i] = web_send(web, i % 2 ? WEB_GET("/") : WEB_GET("/api/instances"));
    web_receive_all(web, fds, BURST, "example@1234.service");
    assert_one_list_at_a_time(web, since_usec);
}

static void test_list_is_kept_for_a_moment(void **state)
{
    struct web *web = *state;

    assert_answer(web_ask(web, WEB_GET("/")), 200, "running");
    assert_answer(web_ask(web, WEB_GET("/")), 200, "running");
    assert_int_equal(web->lists, 1);
    clock_advance(300 * USEC_PER_MSEC);
    assert_answer(web_ask(web, WEB_GET("/")), 200, "running");
    assert_int_equal(web->lists, 2);
}

static void test_nothing_stale_after_a_restart(void **state)
{
    struct web *web = *state;

    assert_answer(web_ask(web, WEB_GET("/")), 200, "running");
    assert_answer(web_ask(web, WEB_POST("")), 200, "true");
    assert_answer(web_ask(web, WEB_GET("/")), 200, "<small>(restarted)</small>");
    assert_int_equal(web->lists, 2);
}

/* One call and one answer in memory, however many scripts ask and however slowly they read. */
static void test_one_list_for_many_scripts(void **state)
{
    struct web *web = *state;
    uint64_t since_usec = clock_usec();
    unsigned lists;
    int fds[BURST];

    web_send_all(web, fds, BURST, web_format_call("restarter.list", ""));
    web_receive_all(web, fds, BURST, "<name>policy_ok</name>");
    assert_one_list_at_a_time(web, since_usec);
    /* What is no right call goes no further. */
    lists = web->lists;
    assert_answer(web_call(web, "restarter.list", WEB_ID_PARAM), 200, "-32602");
    assert_int_equal(web->lists, lists);
}

/* What changed nothing costs nobody a fresh list. */
static void test_list_outlives_a_refusal(void **state)
{
    struct web *web = *state;

    assert_answer(web_ask(web, WEB_GET("/")), 200, "running");
    web->mode = BROKER_GRANTS_NOT;
    assert_answer(web_ask(web, WEB_POST("")), 403, "Not <granted>.");
    assert_answer(web_ask(web, WEB_GET("/")), 200, "running");
    assert_int_equal(web->lists, 1);
    assert_answer(web_call(web, "restarter.restart", WEB_ID_PARAM), 200, "Not &lt;granted&gt;.");
    assert_answer(web_ask(web, WEB_GET("/")), 200, "running");
    assert_int_equal(web->lists, 1);
    assert_int_equal(webfront_parts(web->front)->audit->restarts, 0);
    web->mode = BROKER_RESTARTS;
    assert_answer(web_call(web, "restarter.restart", WEB_ID_PARAM), 200, "It was restarted.");
    assert_answer(web_ask(web, WEB_GET("/")), 200, "<small>(restarted)</small>");
    assert_int_equal(webfront_parts(web->front)->audit->restarts, 1);
}

/* With the broker's own code and its time to come back. */
static void test_list_refused_to_a_script(void **state)
{
    struct web *web = *state;
    char *answer;

    web->refuse_lists = true;
    answer = web_call(web, "restarter.list", "");
    assert_answer(answer, 200, "<i4>10</i4>");
    assert_answer(answer, 200, "No bus.");
    assert_answer(answer, 200, "\r\nRetry-After: 7\r\n");
}

/* A list that was asked for before the restart's end is not what one gets who asks after it. */
static void test_list_under_way_is_outdated_by_a_restart(void **state)
{
    struct web *web = *state;
    int before, after;

    web->hold_lists = true;
    before = web_send(web, WEB_GET("/"));
    web_run(web, 10);
    assert_int_equal(web->n_held, 1);
    assert_answer(web_ask(web, WEB_POST("")), 200, "true");
    after = web_send(web, WEB_GET("/"));
    web_run(web, 10);
    assert_int_equal(web->lists, 1);
    web_release_lists(web);
    assert_answer(web_receive(web, before), 200, "example@1234.service");
    web_run(web, 10);
    assert_int_equal(web->lists, 2);
    web_release_lists(web);
    assert_answer(web_receive(web, after), 200, "<small>(restarted)</small>");
}

static void test_list_that_does_not_come(void **state)
{
    struct web *web = *state;

    web->hold_lists = true;
    assert_answer(web_ask(web, WEB_GET("/")), 503, "The broker did not answer in time.");
    assert_answer(web_ask(web, WEB_GET("/healthz")), 503, "The broker did not answer in time.");
}

static void test_clicks_run_side_by_side(void **state)
{
    struct web *web = *state;
    int fds[BURST];

    web->mode = BROKER_HOLDS;
    web_send_clicks(web, fds, BURST, 1000);
    web_run(web, 50);
    assert_int_equal(web->restarts, BURST);
    assert_answer(web_ask(web, WEB_GET("/")), 200, "example@1234.service");
    web->mode = BROKER_RESTARTS;
    web_release(web);
    web_receive_all(web, fds, BURST, "It was restarted.");
}

static void test_broker_that_dies(void **state)
{
    struct web *web = *state;
    int fd;

    web->mode = BROKER_HOLDS;
    fd = web_send(web, WEB_POST(""));
    web_run(web, 20);
    assert_int_equal(web->n_held, 1);
    web_stop_broker(web);
    assert_answer(web_receive(web, fd), 503, "may or may not have been restarted");
}

static void test_stop(void **state)
{
    struct web *web = *state;
    int click, page, idle, late;

    web->mode = BROKER_HOLDS;
    web->hold_lists = true;
    click = web_send(web, WEB_POST(""));
    page = web_send(web, WEB_GET("/"));
    idle = web_send(web, "GET /style.css HTTP/1.1\r\nHost: localhost\r\n\r\n");
    late = web_dial(web);
    web_run(web, 50);
    assert_int_equal(web->n_held, 2);
    webfront_stop(web->front);
    assert_answer(web_receive(web, click), 503,
                  "The web front was stopped while the request was under way. It may or");
    web_release_lists(web);
    assert_answer(web_receive(web, page), 200, "example@1234.service");
    assert_answer(web_receive(web, idle), 200, "text/css");
    (void)send(late, WEB_POST(""), strlen(WEB_POST("")), MSG_NOSIGNAL);
    assert_answer(web_receive(web, late), 503, "Nothing was restarted: the web front is about to end.");
    assert_int_equal(web->restarts, 1);
    assert_int_equal(webfront_connections(web->front), 0);
}

/* Of every click the broker is asked, however often the same one came before: it decides, and it records. */
static void test_the_broker_is_asked_every_time(void **state)
{
    static const struct {
        enum broker_mode mode;
        unsigned status;
    } CASES[] = { { BROKER_RESTARTS, 200 },
                  { BROKER_FAILS, 200 },
                  { BROKER_REFUSES, 429 },
                  { BROKER_GRANTS_NOT, 403 },
                  { BROKER_BABBLES, 503 } };
    struct web *web = *state;

    for (size_t i = 0; i < sizeof(CASES) / sizeof(*CASES); i++) {
        web->mode = CASES[i].mode;
        web->restarts = 0;
        for (unsigned n = 0; n < BURST; n++)
            assert_answer(web_ask(web, WEB_POST("")), CASES[i].status, "");
        assert_int_equal(web->restarts, BURST);
    }
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, web_setup, web_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_one_call_for_a_burst),
        TEST(test_list_is_kept_for_a_moment),
        TEST(test_nothing_stale_after_a_restart),
        TEST(test_one_list_for_many_scripts),
        TEST(test_list_outlives_a_refusal),
        TEST(test_list_refused_to_a_script),
        TEST(test_the_broker_is_asked_every_time),
        TEST(test_list_under_way_is_outdated_by_a_restart),
        TEST(test_list_that_does_not_come),
        TEST(test_clicks_run_side_by_side),
        TEST(test_broker_that_dies),
        TEST(test_stop),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
