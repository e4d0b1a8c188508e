/* The web front's places: who waits takes one, of its own kind only; who wants the same as many others finds
 * none, whoever wants something else does; who left has none. */
#include <unistd.h>

#include "common/clock.h"
#include "tests/unit/held-clock.h"
#include "tests/unit/test.h"
#include "tests/unit/web-client.h"

enum {
    PLACES_RESTART = 96,
    PLACES_ONE_UNIT = 32,
    PLACES_READ = 16,
    PLACES_LIST = 80,
};

#define STATUS web_format_call("restarter.status", WEB_ID_PARAM)
#define FULL "others wait for the very same restart"

static void test_one_unit_leaves_places(void **state)
{
    struct web *web = *state;
    int fds[PLACES_ONE_UNIT];
    char *answer;

    web->mode = BROKER_HOLDS;
    web_send_all(web, fds, PLACES_ONE_UNIT, web_format_click(1234));
    web_run(web, 100);
    assert_int_equal(web->restarts, PLACES_ONE_UNIT);
    answer = web_ask(web, WEB_POST(""));
    assert_answer(answer, 429, "\r\nRetry-After: 2\r\n");
    assert_answer(answer, 429, "\"refusal\": \"busy\"");
    assert_answer(answer, 429, "Nothing was restarted: 32 " FULL);
    answer = web_call(web, "restarter.restart", WEB_ID_PARAM);
    assert_answer(answer, 200, "<i4>9</i4>");
    assert_answer(answer, 200, "\r\nRetry-After: 2\r\n");
    assert_answer(answer, 200, "32 " FULL);
    assert_answer(web_call(web, "restart_unit", WEB_ID_PARAM), 200, "32 " FULL);
    assert_int_equal(web->restarts, PLACES_ONE_UNIT);
    web->mode = BROKER_RESTARTS;
    assert_answer(web_ask(web, web_format_click(1235)), 200, "true");
    /* Who asks for another verb is no part of that crowd. */
    assert_answer(web_ask(web, WEB_POST_BODY("", "27", "service_id=1234&verb=reload")), 200, "true");
    assert_answer(web_call(web, "restarter.try_restart", WEB_ID_PARAM), 200, "<boolean>1</boolean>");
    web_release(web);
    web_receive_all(web, fds, PLACES_ONE_UNIT, "It was restarted.");
    assert_answer(web_ask(web, WEB_POST("")), 200, "true");
}

/* Several crowds get less each, so that one more still finds a place. */
static void test_several_units(void **state)
{
    struct web *web = *state;
    int fds[PLACES_RESTART];
    size_t n = 0;

    web->mode = BROKER_HOLDS;
    for (unsigned id = 2000; id < 2005; id++)
        for (unsigned before = 0; n < PLACES_RESTART; before = web->restarts) {
            fds[n] = web_send(web, web_format_click(id));
            web_run(web, 20);
            if (web->restarts == before) {
                assert_answer(web_receive(web, fds[n]), 429, FULL);
                break;
            }
            n++;
        }
    assert_in_range(n, PLACES_RESTART * 3 / 4, PLACES_RESTART - 4);
    web->mode = BROKER_RESTARTS;
    assert_answer(web_ask(web, WEB_POST("")), 200, "true");
    web_release(web);
    web_receive_all(web, fds, n, "It was restarted.");
}

static void test_all_places_are_taken(void **state)
{
    struct web *web = *state;
    int fds[PLACES_RESTART];

    web->mode = BROKER_HOLDS;
    web_send_clicks(web, fds, PLACES_RESTART, 3000);
    web_run(web, 200);
    assert_int_equal(web->restarts, PLACES_RESTART);
    assert_answer(web_ask(web, WEB_POST("")), 429, "too many others wait for a restart");
    assert_answer(web_ask(web, WEB_GET("/healthz")), 200, "ok");
    assert_answer(web_ask(web, STATUS), 200, "other");
    web->mode = BROKER_RESTARTS;
    web_release(web);
    web_receive_all(web, fds, PLACES_RESTART, "It was restarted.");
}

static void test_reads_take_no_place_of_a_restart(void **state)
{
    struct web *web = *state;
    int fds[PLACES_READ];
    char *answer;

    web->hold_others = true;
    web_send_all(web, fds, PLACES_READ, STATUS);
    web_run(web, 100);
    answer = web_ask(web, STATUS);
    assert_answer(answer, 200, "<i4>9</i4>");
    assert_answer(answer, 200, "\r\nRetry-After: 2\r\n");
    assert_answer(web_ask(web, WEB_POST("")), 200, "true");
    assert_answer(web_ask(web, WEB_GET("/")), 200, "example@1234.service");
    web_forget_held(web);
    web_receive_all(web, fds, PLACES_READ, "<i4>-32300</i4>");
    web->hold_others = false;
    assert_answer(web_ask(web, STATUS), 200, "other");
}

static void test_lists_take_no_place_of_a_restart(void **state)
{
    struct web *web = *state;
    int fds[PLACES_LIST];

    web->hold_lists = true;
    web_send_all(web, fds, PLACES_LIST, WEB_GET("/"));
    web_run(web, 200);
    assert_answer(web_ask(web, WEB_GET("/api/instances")), 429, "\r\nRetry-After: 1\r\n");
    assert_answer(web_call(web, "restarter.list", ""), 200, "<i4>9</i4>");
    assert_answer(web_ask(web, WEB_POST("")), 200, "true");
    assert_answer(web_ask(web, STATUS), 200, "other");
    web_release_lists(web);
    web_receive_all(web, fds, PLACES_LIST, "example@1234.service");
}

/* Who finds no place because of them is told what was known a moment ago, unless that is certain to be wrong.
 */
static void test_a_crowd_leaves_the_last_list(void **state)
{
    struct web *web = *state;
    int fds[PLACES_LIST];

    assert_answer(web_ask(web, WEB_GET("/")), 200, "example@1234.service");
    assert_answer(web_ask(web, WEB_GET("/api/instances")), 200, "example@1234.service");
    clock_advance(300 * USEC_PER_MSEC);
    web->hold_lists = true;
    web_send_all(web, fds, PLACES_LIST, WEB_GET("/"));
    web_run(web, 200);
    assert_int_equal(web->lists, 3); /* one for pages, one for programs, and the one that is held */
    assert_answer(web_ask(web, WEB_GET("/api/instances")), 200, "example@1234.service");
    assert_answer(web_call(web, "restarter.list", ""), 200, "example@1234.service");
    assert_answer(web_ask(web, WEB_POST("")), 200, "true");
    assert_answer(web_ask(web, WEB_GET("/api/instances")), 429, "\r\nRetry-After: 1\r\n");
    web_release_lists(web);
    web_receive_all(web, fds, PLACES_LIST, "example@1234.service");
}

static void wait_until_dropped(struct web *web)
{
    for (int i = 0; i < 2000 && calls_under_way(webfront_parts(web->front)->calls) > 0; i++)
        web_run(web, 1);
    assert_int_equal(calls_under_way(webfront_parts(web->front)->calls), 0);
}

/* Three times as many as there are places, one after the other; then there is one for everybody. */
static void test_who_left_has_no_place(void **state)
{
    struct web *web = *state;
    int fds[PLACES_ONE_UNIT];

    web->mode = BROKER_HOLDS;
    for (int round = 0; round < 3; round++) {
        web_send_all(web, fds, PLACES_ONE_UNIT, web_format_click(1234));
        web_run(web, 100);
        for (size_t i = 0; i < PLACES_ONE_UNIT; i++)
            (void)close(fds[i]);
        wait_until_dropped(web);
        web_forget_held(web);
    }
    assert_int_equal(web->restarts, 3 * PLACES_ONE_UNIT);
    for (int i = 0; i < 2000 && webfront_connections(web->front) > 0; i++)
        web_run(web, 1);
    assert_int_equal(webfront_connections(web->front), 0);
    web->mode = BROKER_RESTARTS;
    assert_answer(web_ask(web, WEB_POST("")), 200, "true");
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, web_setup, web_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_one_unit_leaves_places),
        TEST(test_several_units),
        TEST(test_all_places_are_taken),
        TEST(test_reads_take_no_place_of_a_restart),
        TEST(test_lists_take_no_place_of_a_restart),
        TEST(test_a_crowd_leaves_the_last_list),
        TEST(test_who_left_has_no_place),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
