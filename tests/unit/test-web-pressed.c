/* After a press a browser is at the address of the press's own outcome, which is read and never posted to:
 * loading it again, Back, and whoever is handed the link press nothing. */
#include <string.h>

#include "common/clock.h"
#include "common/refusal.h"
#include "tests/unit/test.h"
#include "tests/unit/web-client.h"

#define HTML "Accept: text/html\r\n"
#define PRESS "abcdefgh-_123456"
#define BODY "press=" PRESS "&service_id=1234"
#define POST_AS(accept) WEB_POST_BODY(accept, "38", BODY)
#define GET_PRESSED(accept) "GET /restarts/" PRESS " HTTP/1.1\r\n" WEB_HOST accept "\r\n"
#define LOCATION "\r\nLocation: /restarts/" PRESS "\r\n"

static struct wire_answer job(const char *verdict, bool success)
{
    return (struct wire_answer){ .kind = WIRE_RESTART,
                                 .restart = { .success = success,
                                              .message = "The <b>sentence</b>.",
                                              .unit = "example@1234.service",
                                              .verb = "restart",
                                              .result = "done",
                                              .verdict = verdict,
                                              .milliseconds = 2500 } };
}

static char *get(struct web *web, const struct wire_answer *answer)
{
    web->answers[WIRE_METHOD_OUTCOME] = answer;
    return web_ask(web, GET_PRESSED(HTML));
}

static void test_browser_goes_on(void **state)
{
    struct web *web = *state;
    static const enum broker_mode MODES[] = { BROKER_RESTARTS, BROKER_FAILS, BROKER_BABBLES };

    for (size_t i = 0; i < sizeof(MODES) / sizeof(*MODES); i++) {
        web->mode = MODES[i];
        assert_answer(web_ask(web, POST_AS(HTML)), 303, LOCATION);
        assert_int_equal(web->restarts, i + 1);
    }
}

/* Nothing was recorded, so there is nothing to go to. */
static void test_refusals_stay(void **state)
{
    struct web *web = *state;

    web->mode = BROKER_REFUSES;
    assert_answer(web_ask(web, POST_AS(HTML)), 429, "Wait &lt;7&gt; s.");
    web->mode = BROKER_GRANTS_NOT;
    assert_answer(web_ask(web, POST_AS(HTML)), 403, "Not &lt;granted&gt;.");
    web_stop_broker(web);
    assert_answer(web_ask(web, POST_AS(HTML)), 503, "cannot be reached");
    web_start_broker(web);
}

static void test_programs_are_told(void **state)
{
    struct web *web = *state;

    assert_answer(web_ask(web, POST_AS("Accept: application/json\r\n")), 200, "\"success\": true");
    assert_answer(web_ask(web, POST_AS("")), 200, "\"success\": true");
    assert_answer(web_ask(web, WEB_POST(HTML)), 200, "It was restarted."); /* without a press */
}

/* A browser is not left with a page that does not come; the restart goes on, and its place is free. */
static void test_slow(void **state)
{
    struct web *web = *state;
    uint64_t begin_usec = clock_usec();

    web->mode = BROKER_HOLDS;
    assert_answer(web_ask(web, POST_AS(HTML)), 303, LOCATION);
    assert_true(clock_usec() - begin_usec >= USEC_PER_SEC);
    assert_int_equal(calls_under_way(webfront_parts(web->front)->calls), 0);
    web_forget_held(web);
}

static void test_outcomes(void **state)
{
    const struct wire_answer up = job("up", true), failed = job("failed", false),
                             under_way = job("under-way", false), watching = job("watching", true);
    struct web *web = *state;

    assert_answer(get(web, &up), 200, "data-outcome=\"succeeded\"");
    assert_answer(get(web, &up), 200, "The &lt;b&gt;sentence&lt;/b&gt;.");
    assert_null(strstr(get(web, &up), "http-equiv=\"refresh\""));
    assert_answer(get(web, &failed), 200, "data-outcome=\"failed\"");
    assert_answer(get(web, &failed), 200, "<p class=\"next\">");
    assert_answer(get(web, &under_way), 200, "data-outcome=\"under-way\"");
    assert_answer(get(web, &under_way), 200, "Restarting, for 2.5 s so far");
    assert_answer(get(web, &under_way), 200, "<noscript><meta http-equiv=\"refresh\"");
    assert_answer(get(web, &watching), 200, "<noscript><meta http-equiv=\"refresh\"");
    assert_string_equal(web->press, PRESS);
    assert_string_equal(web->method, "restarter.outcome");
    assert_int_equal(web->restarts, 0);
}

static void test_covered(void **state)
{
    struct wire_answer answer = job("up", true);
    struct web *web = *state;

    assert_null(strstr(get(web, &answer), "class=\"covered\""));
    answer.restart.began_by = "anna";
    assert_null(strstr(get(web, &answer), "class=\"covered\""));
    answer.restart.covered = true;
    assert_answer(get(web, &answer), 200, "anna had pressed before");
    answer.restart.began_by = "";
    assert_answer(get(web, &answer), 200, "Somebody else had pressed before");
}

/* Who pressed on a page that he had gone back to is told that nothing was done for it. */
static void test_again(void **state)
{
    const struct wire_answer up = job("up", true);
    struct web *web = *state;

    web->repeats = true;
    assert_answer(web_ask(web, POST_AS(HTML)), 303, "\r\nLocation: /restarts/" PRESS "?again\r\n");
    assert_null(strstr(get(web, &up), "You pressed this before"));
    assert_answer(web_ask(web, "GET /restarts/" PRESS "?again HTTP/1.1\r\n" WEB_HOST HTML "\r\n"), 200,
                  "You pressed this before");
}

static void test_not_known(void **state)
{
    static const struct wire_answer NONE = { .kind = WIRE_FAULT,
                                             .fault = { REFUSAL_NO_PRESS, "Not any more." } };
    struct web *web = *state;

    assert_answer(get(web, &NONE), 404, "Nothing is known of that press, or not any more");
    assert_answer(web_ask(web, GET_PRESSED("")), 404, "\"refusal\": \"no-press\"");
    web->method[0] = '\0';
    assert_answer(web_ask(web, WEB_GET("/restarts/short")), 404, "no-press");
    assert_answer(web_ask(web, WEB_GET("/restarts/")), 404, "nothing at this address");
    assert_answer(web_ask(web, WEB_GET("/restarts/a/b")), 404, "nothing at this address");
    assert_answer(web_ask(web, WEB_GET("/restarts/12345678%0a")), 404, "no-press");
    assert_string_equal(web->method, "");
}

/* That the front has no time for the question, or is about to end, says nothing of the press. */
static void test_not_asked(void **state)
{
    const struct wire_answer up = job("up", true);
    struct web *web = *state;
    const char *answer;

    calls_stop(webfront_parts(web->front)->calls);
    answer = get(web, &up);
    assert_answer(answer, 503, "data-outcome=\"unknown\"");
    assert_null(strstr(answer, "Nothing was"));
    assert_answer(web_ask(web, GET_PRESSED("")), 503, "\"refusal\": \"unknown\"");
}

/* Nobody there: what was done is done, and it is not said that it was not. */
static void test_lost_broker(void **state)
{
    struct web *web = *state;
    const char *answer;

    web_stop_broker(web);
    answer = web_ask(web, GET_PRESSED(HTML));
    assert_answer(answer, 503, "data-outcome=\"unknown\"");
    assert_null(strstr(answer, "Nothing was"));
    assert_non_null(strstr(answer, "nothing is done again by loading"));
    web_start_broker(web);
}

static void test_read_only(void **state)
{
    struct web *web = *state;

    assert_answer(web_ask(web, "POST /restarts/" PRESS " HTTP/1.1\r\n" WEB_HOST "Content-Length: 0\r\n\r\n"),
                  405, "GET");
    assert_int_equal(web->restarts + web->others, 0);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, web_setup, web_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_browser_goes_on),
        TEST(test_refusals_stay),
        TEST(test_programs_are_told),
        TEST(test_slow),
        TEST(test_outcomes),
        TEST(test_covered),
        TEST(test_not_known),
        TEST(test_not_asked),
        TEST(test_lost_broker),
        TEST(test_read_only),
        TEST(test_again),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
