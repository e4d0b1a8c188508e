/* The web front gives every place back, whatever the end of a request is: each end some hundred times over,
 * mixed by chance, and then nobody is there any more and all places are free. */
#include <sys/socket.h>
#include <unistd.h>

#include "common/clock.h"
#include "tests/unit/test.h"
#include "tests/unit/web-client.h"

enum {
    ROUNDS = 24,
    CLIENTS = 90, /* of a round; fewer than there are places for restarts */
    PLACES_ONE_UNIT = 32,
};

static unsigned dice(unsigned sides)
{
    static uint32_t state = 7;

    state = state * 1664525 + 1013904223;
    return (state >> 16) % sides;
}

static const char *any_request(void)
{
    switch (dice(8)) {
    case 0:
        return WEB_GET("/");
    case 1:
        return web_format_call("restarter.list", "");
    case 2:
        return web_format_call("restarter.status", WEB_ID_PARAM);
    case 3:
        return web_format_call("restart_unit", WEB_ID_PARAM);
    case 4:
        return WEB_POST_BODY("", "24", "service_id=..%2Fetc&foo=1");
    default:
        return web_format_click(1000 + dice(9000));
    }
}

/* Some close, some only stop sending, some hear it out. */
static void end_clients(struct web *web, int fds[], size_t n)
{
    for (size_t i = 0; i < n; i++)
        switch (dice(3)) {
        case 0:
            (void)close(fds[i]);
            fds[i] = -1;
            break;
        case 1:
            (void)shutdown(fds[i], SHUT_WR);
            break;
        default:
            break;
        }
    web_run(web, dice(2) * dice(400));
}

/* Answers, or hangs up on everybody. */
static void end_broker(struct web *web)
{
    if (dice(4) == 0) {
        web_stop_broker(web);
        web_start_broker(web);
        return;
    }
    for (size_t i = 0; i < web->n_held; i++)
        if (dice(2))
            broker_reply_value(web->held[i], broker_list(web, NULL));
        else
            http_reply(web->held[i], 0, NULL);
    web->n_held = 0;
}

static void play_round(struct web *web)
{
    int fds[CLIENTS];

    web->mode = (enum broker_mode)dice(BROKER_BABBLES + 1);
    web->hold_lists = dice(2);
    web->hold_others = dice(2);
    for (size_t i = 0; i < CLIENTS; i++) {
        fds[i] = web_send(web, any_request());
        web_run(web, dice(3));
    }
    web_run(web, dice(100));
    if (dice(2)) {
        end_clients(web, fds, CLIENTS);
        end_broker(web);
    } else {
        end_broker(web);
        end_clients(web, fds, CLIENTS);
    }
    for (size_t i = 0; i < CLIENTS; i++) {
        if (fds[i] >= 0)
            (void)close(fds[i]);
    }
    web_run(web, 50);
}

static bool is_empty(const struct web *web)
{
    return webfront_connections(web->front) == 0 && webfront_pending(web->front) == 0 &&
           calls_under_way(webfront_parts(web->front)->calls) == 0;
}

static void wait_until_empty(struct web *web)
{
    uint64_t end_usec = clock_usec() + 20 * USEC_PER_SEC;

    while (!is_empty(web) && clock_usec() < end_usec) {
        web_forget_held(web);
        web_run(web, 10);
    }
    assert_int_equal(webfront_pending(web->front), 0);
    assert_int_equal(calls_under_way(webfront_parts(web->front)->calls), 0);
    assert_true(is_empty(web));
}

static void test_every_end_gives_its_place_back(void **state)
{
    struct web *web = *state;
    int fds[PLACES_ONE_UNIT];

    for (int i = 0; i < ROUNDS; i++)
        play_round(web);
    wait_until_empty(web);
    web->hold_lists = web->hold_others = false;
    web->mode = BROKER_HOLDS;
    web->restarts = 0;
    web_send_all(web, fds, PLACES_ONE_UNIT, WEB_POST(""));
    web_run(web, 200);
    assert_int_equal(web->restarts, PLACES_ONE_UNIT);
    web->mode = BROKER_RESTARTS;
    web_release(web);
    web_receive_all(web, fds, PLACES_ONE_UNIT, "It was restarted.");
    assert_answer(web_ask(web, WEB_GET("/")), 200, "example@1234.service");
    wait_until_empty(web);
}

/* While clients leave and the broker answers. */
static void test_stop_in_the_middle(void **state)
{
    struct web *web = *state;
    int fds[CLIENTS];

    web->mode = BROKER_HOLDS;
    web->hold_others = true;
    for (size_t i = 0; i < CLIENTS; i++)
        fds[i] = web_send(web, any_request());
    web_run(web, 100);
    end_clients(web, fds, CLIENTS);
    webfront_stop(web->front);
    end_broker(web);
    for (size_t i = 0; i < CLIENTS; i++) {
        if (fds[i] >= 0)
            (void)close(fds[i]);
    }
    wait_until_empty(web);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_every_end_gives_its_place_back, web_setup, web_teardown),
        cmocka_unit_test_setup_teardown(test_stop_in_the_middle, web_setup, web_teardown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
