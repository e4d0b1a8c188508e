/* The web front's places: who waits takes one, of its own kind only; who wants the same as many others finds
 * none, whoever wants something else does; who left has none. */
#include "tests/unit/web-fixture.h"

enum {
    PLACES_RESTART = 96,
    PLACES_ONE_UNIT = 32,
    PLACES_READ = 16,
    PLACES_LIST = 80,
};

#define STATUS web_format_call("restarter.status", WEB_ID_PARAM)
#define FULL "others wait for the very same restart"

static void send_clicks(struct web *web, unsigned id, int fds[], size_t n)
{
    for (size_t i = 0; i < n; i++)
        fds[i] = web_send(web, web_format_click(id));
    web_run(web, 100);
}

static void receive_all(struct web *web, int fds[], size_t n, const char *part)
{
    for (size_t i = 0; i < n; i++)
        assert_answer(web_receive(web, fds[i]), 200, part);
}

static void test_one_unit_leaves_places(void **state)
{
    struct web *web = *state;
    int fds[PLACES_ONE_UNIT];
    char *answer;

    web->mode = BROKER_HOLDS;
    send_clicks(web, 1234, fds, PLACES_ONE_UNIT);
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
    receive_all(web, fds, PLACES_ONE_UNIT, "It was restarted.");
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
    receive_all(web, fds, n, "It was restarted.");
}

static void test_all_places_are_taken(void **state)
{
    struct web *web = *state;
    int fds[PLACES_RESTART];

    web->mode = BROKER_HOLDS;
    for (unsigned i = 0; i < PLACES_RESTART; i++)
        fds[i] = web_send(web, web_format_click(3000 + i));
    web_run(web, 200);
    assert_int_equal(web->restarts, PLACES_RESTART);
    assert_answer(web_ask(web, WEB_POST("")), 429, "too many others wait for a restart");
    assert_answer(web_ask(web, WEB_GET("/healthz")), 200, "ok");
    assert_answer(web_ask(web, STATUS), 200, "other");
    web->mode = BROKER_RESTARTS;
    web_release(web);
    receive_all(web, fds, PLACES_RESTART, "It was restarted.");
}

static void test_reads_take_no_place_of_a_restart(void **state)
{
    struct web *web = *state;
    int fds[PLACES_READ];
    char *answer;

    web->hold_others = true;
    for (size_t i = 0; i < PLACES_READ; i++)
        fds[i] = web_send(web, STATUS);
    web_run(web, 100);
    answer = web_ask(web, STATUS);
    assert_answer(answer, 200, "<i4>9</i4>");
    assert_answer(answer, 200, "\r\nRetry-After: 2\r\n");
    assert_answer(web_ask(web, WEB_POST("")), 200, "true");
    assert_answer(web_ask(web, WEB_GET("/")), 200, "example@1234.service");
    web_forget_held(web);
    receive_all(web, fds, PLACES_READ, "<i4>-32300</i4>");
    web->hold_others = false;
    assert_answer(web_ask(web, STATUS), 200, "other");
}

static void test_lists_take_no_place_of_a_restart(void **state)
{
    struct web *web = *state;
    int fds[PLACES_LIST];

    web->hold_lists = true;
    for (size_t i = 0; i < PLACES_LIST; i++)
        fds[i] = web_send(web, WEB_GET("/"));
    web_run(web, 200);
    assert_answer(web_ask(web, WEB_GET("/api/instances")), 429, "\r\nRetry-After: 1\r\n");
    assert_answer(web_call(web, "restarter.list", ""), 200, "<i4>9</i4>");
    assert_answer(web_ask(web, WEB_POST("")), 200, "true");
    assert_answer(web_ask(web, STATUS), 200, "other");
    web_release_lists(web);
    receive_all(web, fds, PLACES_LIST, "example@1234.service");
}

/* Who finds no place because of them is told what was known a moment ago, unless that is certain to be wrong.
 */
static void test_a_crowd_leaves_the_last_list(void **state)
{
    struct web *web = *state;
    int fds[PLACES_LIST];

    assert_answer(web_ask(web, WEB_GET("/")), 200, "example@1234.service");
    (void)usleep(300 * 1000);
    web->hold_lists = true;
    for (size_t i = 0; i < PLACES_LIST; i++)
        fds[i] = web_send(web, WEB_GET("/"));
    web_run(web, 200);
    assert_int_equal(web->lists, 2);
    assert_answer(web_ask(web, WEB_GET("/api/instances")), 200, "example@1234.service");
    assert_answer(web_call(web, "restarter.list", ""), 200, "example@1234.service");
    assert_answer(web_ask(web, WEB_POST("")), 200, "true");
    assert_answer(web_ask(web, WEB_GET("/api/instances")), 429, "\r\nRetry-After: 1\r\n");
    web_release_lists(web);
    receive_all(web, fds, PLACES_LIST, "example@1234.service");
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
        send_clicks(web, 1234, fds, PLACES_ONE_UNIT);
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_one_unit_leaves_places, web_setup, web_teardown),
        cmocka_unit_test_setup_teardown(test_several_units, web_setup, web_teardown),
        cmocka_unit_test_setup_teardown(test_all_places_are_taken, web_setup, web_teardown),
        cmocka_unit_test_setup_teardown(test_reads_take_no_place_of_a_restart, web_setup, web_teardown),
        cmocka_unit_test_setup_teardown(test_lists_take_no_place_of_a_restart, web_setup, web_teardown),
        cmocka_unit_test_setup_teardown(test_a_crowd_leaves_the_last_list, web_setup, web_teardown),
        cmocka_unit_test_setup_teardown(test_who_left_has_no_place, web_setup, web_teardown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
