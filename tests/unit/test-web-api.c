/* /api: one unit, its verbs, and how everything that is refused there is told. */
#include <stdio.h>
#include <string.h>

#include "tests/unit/test.h"
#include "tests/unit/web-client.h"

#define UNIT "/api/instances/example%401234.service"
#define JSON "Content-Type: application/json\r\n"
#define FORM "Content-Type: application/x-www-form-urlencoded\r\n"
#define PROBLEM "Content-Type: application/problem+json\r\n"

static char *post(struct web *web, const char *path, const char *headers, const char *body)
{
    static char request[8192];

    (void)snprintf(request, sizeof(request),
                   "POST %s HTTP/1.1\r\n" WEB_HOST "%sContent-Length: %zu\r\n\r\n%s", path, headers,
                   strlen(body), body);
    return web_ask(web, request);
}

static void test_one_unit(void **state)
{
    struct web *web = *state;

    assert_answer(web_ask(web, WEB_GET(UNIT)), 200, "Content-Type: application/json\r\n");
    assert_string_equal(web->method, "restarter.status");
    assert_answer(web_ask(web, WEB_GET("/api/instances/example@1234.service")), 200, "\"load_state\"");
    assert_answer(web_ask(web, "HEAD " UNIT " HTTP/1.1\r\n" WEB_HOST "\r\n"), 200, "application/json");
    assert_int_equal(web->others, 3);
    assert_answer(web_ask(web, WEB_GET("/api")), 200, "\"openapi\": \"3.1.0\"");
    assert_answer(web_ask(web, WEB_GET("/api/")), 404, PROBLEM);
    assert_int_equal(web->others, 3);
}

static void test_verbs(void **state)
{
    static const char *const VERBS[][2] = {
        { UNIT "/restart", "restarter.restart" },
        { UNIT "/try-restart", "restarter.try_restart" },
        { UNIT "/reload", "restarter.reload" },
        { UNIT "/reload-or-restart", "restarter.reload_or_restart" },
    };
    struct web *web = *state;

    for (size_t i = 0; i < sizeof(VERBS) / sizeof(*VERBS); i++) {
        assert_answer(post(web, VERBS[i][0], "", ""), 200, "\"success\": true");
        assert_string_equal(web->method, VERBS[i][1]);
        assert_string_equal(web->id, "example@1234.service");
        assert_int_equal(web->settle, -1);
    }
    assert_int_equal(web->restarts, 4);
}

static void test_bodies(void **state)
{
    struct web *web = *state;

    assert_answer(post(web, UNIT "/restart", JSON, "{\"settle\": 7, \"press\": \"abcdefgh\"}"), 200, "true");
    assert_int_equal(web->settle, 7);
    assert_string_equal(web->press, "abcdefgh");
    assert_answer(post(web, UNIT "/restart", FORM, "settle=8&press=12345678"), 200, "true");
    assert_int_equal(web->settle, 8);
    assert_string_equal(web->press, "12345678");
    assert_answer(post(web, UNIT "/restart", "Idempotency-Key: \"from-the-header\"\r\n", ""), 200, "true");
    assert_string_equal(web->press, "from-the-header");
    assert_answer(
        post(web, UNIT "/restart", "Content-Type: application/json; charset=utf-8\r\n", "{\"settle\": 9}"),
        200, "true");
    assert_int_equal(web->restarts, 4);
}

/* Nobody hears of these but who sent them. */
static const struct refused {
    const char *path, *headers, *body;
    unsigned status;
    const char *part;
} REFUSED[] = {
    { UNIT "/restart", JSON, "[]", 400, "no JSON object" },
    { UNIT "/restart", JSON, "{\"unit\": \"b\"}", 400, "another member" },
    { UNIT "/restart", JSON, "{\"settle\": true}", 400, "settle is" },
    { UNIT "/restart", FORM, "service_id=5", 400, "another member" },
    { UNIT "/restart", FORM, "verb=reload", 400, "another member" },
    { UNIT "/restart", "", "{}", 415, "\"title\": \"Unsupported Media Type\"" },
    { UNIT "/restart", "Content-Type: text/plain\r\n", "{}", 415, "\"type\": \"about:blank\"" },
    { UNIT "/restart", JSON JSON, "{}", 415, "\"status\": 415" },
    { UNIT "/restart?settle=1", "", "", 400, "question mark" },
    { UNIT "/restart", "Idempotency-Key: short\r\n", "", 400, "a press is named" },
    { UNIT "/restart", JSON "Idempotency-Key: another-one\r\n", "{\"press\": \"this-one\"}", 400,
      "not the same" },
    { UNIT "/restart", "Idempotency-Key: a2345678\r\nIdempotency-Key: a2345678\r\n", "", 400,
      "two Idempotency" },
    { "/api/instances/a%2Fb/restart", "", "", 400, "\"type\": \"/api#name\"" },
    { "/api/instances/a%2540b.service/restart", "", "", 400, "\"refusal\": \"name\"" },
    { "/api/instances/%2e%2e%2f/restart", "", "", 400, "\"code\": 1," },
    { "/api/instances/a%/restart", "", "", 400, "broken escape" },
    { "/api/instances/a%00/restart", "", "", 400, "broken escape" },
    /* From another site. */
    { UNIT "/restart", JSON "Origin: http://evil.example\r\n", "{}", 403, "\"type\": \"/api#cross-site\"" },
    { UNIT "/restart", JSON "Origin: null\r\n", "{}", 403, "\"success\": false" },
    { UNIT "/restart", "Sec-Fetch-Site: cross-site\r\n", "", 403, "\"refusal\": \"cross-site\"" },
    { UNIT "/restart", "Sec-Fetch-Site: same-site\r\n", "", 403, "\"lock\": \"web front\"" },
    /* Nothing there. */
    { UNIT, "", "", 405, "Allow: GET, HEAD\r\n" },
    { "/api/instances", "", "", 405, "Allow: GET, HEAD\r\n" },
    { "/api/instances/", "", "", 404, "\"title\": \"Not Found\"" },
    { "/api/instances//restart", "", "", 404, "" },
    { UNIT "/stop", "", "", 404, "" },
    { UNIT "/start", "", "", 404, "" },
    { UNIT "/restart/", "", "", 404, "" },
    { "/api/nothing", "", "", 404, "" },
};

static void test_refused(void **state)
{
    struct web *web = *state;

    for (size_t i = 0; i < sizeof(REFUSED) / sizeof(*REFUSED); i++) {
        const struct refused *r = &REFUSED[i];
        const char *answer = post(web, r->path, r->headers, r->body);

        assert_answer(answer, r->status, r->part);
        assert_answer(answer, r->status, PROBLEM);
        assert_answer(answer, r->status, "\"detail\": ");
    }
    assert_answer(web_ask(web, WEB_GET(UNIT "/restart")), 405, "Allow: POST\r\n");
    assert_answer(web_ask(web, "PUT " UNIT " HTTP/1.1\r\n" WEB_HOST "Content-Length: 0\r\n\r\n"), 405,
                  "Allow: GET, HEAD\r\n");
    assert_answer(web_ask(web, "OPTIONS " UNIT "/reload HTTP/1.1\r\n" WEB_HOST "\r\n"), 405,
                  "Allow: POST\r\n");
    assert_answer(web_ask(web, WEB_GET("/api/instances/a%40")), 400, "\"type\": \"/api#name\"");
    assert_answer(web_ask(web, WEB_GET("/api/instances/a%4")), 400, PROBLEM);
    assert_int_equal(web->restarts + web->others + web->lists, 0);
}

/* What the broker refuses, and that it is not there. Who names HTML is a browser, and gets a page. */
static void test_brokers_refusals(void **state)
{
    struct web *web = *state;

    web->mode = BROKER_REFUSES;
    assert_answer(post(web, UNIT "/restart", "", ""), 429, "Retry-After: 7\r\n");
    assert_answer(post(web, UNIT "/restart", "", ""), 429, "\"type\": \"/api#start-limit\"");
    assert_answer(post(web, UNIT "/restart", "", ""), 429, "\"retry_after\": 7");
    web->mode = BROKER_FAILS;
    assert_answer(post(web, UNIT "/restart", "", ""), 200, "\"success\": false");
    web->mode = BROKER_BABBLES;
    assert_answer(post(web, UNIT "/restart", "", ""), 503, "\"type\": \"/api#unknown\"");
    web_stop_broker(web);
    assert_answer(post(web, UNIT "/restart", "", ""), 503, "\"type\": \"/api#unavailable\"");
    assert_answer(web_ask(web, WEB_GET(UNIT)), 503, PROBLEM);
    assert_answer(web_ask(web, WEB_GET("/api/instances")), 503, PROBLEM);
    assert_answer(web_ask(web, "GET /api/nothing HTTP/1.1\r\n" WEB_HOST "Accept: text/html\r\n\r\n"), 404,
                  "text/html");
}

#define ASYNC "Prefer: respond-async\r\n"

/* What takes long is told where its outcome will be; what does not, is told at once. */
static void test_who_does_not_wait(void **state)
{
    struct web *web = *state;
    const char *answer;

    assert_answer(post(web, UNIT "/restart", ASYNC, ""), 200, "\"success\": true");
    assert_int_equal(strlen(web->press), 22);
    web->mode = BROKER_REFUSES;
    assert_answer(post(web, UNIT "/restart", ASYNC, ""), 429, PROBLEM);
    web->mode = BROKER_HOLDS;
    answer = post(web, UNIT "/restart", ASYNC "Idempotency-Key: my-own-press\r\n", "");
    assert_answer(answer, 202, "Location: /api/restarts/my-own-press\r\n");
    assert_answer(answer, 202, "Preference-Applied: respond-async\r\n");
    assert_answer(answer, 202, "Retry-After: 1\r\n");
    assert_answer(answer, 202, "\"verdict\": \"under-way\"");
    assert_answer(post(web, UNIT "/reload", "Prefer: wait=1, respond-async\r\nAccept: text/html\r\n", ""),
                  202, "Location: /api/restarts/");
    assert_int_equal(web->restarts, 4);
    web_forget_held(web);
}

static void test_outcome_of_a_press(void **state)
{
    struct web *web = *state;

    (void)web_ask(web, WEB_GET("/api/restarts/my-own-press"));
    assert_string_equal(web->method, "restarter.outcome");
    assert_answer(web_ask(web, WEB_GET("/api/restarts/short")), 400, PROBLEM);
    assert_answer(web_ask(web, WEB_GET("/api/restarts/a%20b%20c%20d%20e")), 400, PROBLEM);
    assert_answer(web_ask(web, WEB_GET("/api/restarts/")), 404, PROBLEM);
    assert_answer(post(web, "/api/restarts/my-own-press", "", ""), 405, "Allow: GET, HEAD\r\n");
    assert_int_equal(web->others, 1);
}

static void test_parts_of_the_list(void **state)
{
    static const char *const ODD[] = {
        "q=a&q=b", "x=1",        "state=dead",           "offset=-1", "limit=0", "limit=501", "limit=",
        "q=%zz",   "offset=1e3", "limit=99999999999999", "page=2"
    };
    struct web *web = *state;
    char request[256];

    assert_answer(web_ask(web, WEB_GET("/api/instances?q=web+eu&state=failed&offset=5&limit=10")), 200,
                  "instances");
    assert_answer(web_ask(web, WEB_GET("/api/instances?")), 400, PROBLEM);
    assert_answer(web_ask(web, WEB_GET("/api/instances?state=")), 200, "instances");
    for (size_t i = 0; i < sizeof(ODD) / sizeof(*ODD); i++) {
        (void)snprintf(request, sizeof(request), "GET /api/instances?%s HTTP/1.1\r\n" WEB_HOST "\r\n",
                       ODD[i]);
        assert_answer(web_ask(web, request), 400, PROBLEM);
    }
}

static int setup_login(void **state)
{
    return web_setup_with(state, "[Web]\nLogin=password\n");
}

static void test_who_is_not_logged_in(void **state)
{
    struct web *web = *state;

    assert_answer(web_ask(web, WEB_GET(UNIT)), 401, "WWW-Authenticate: Basic ");
    assert_answer(web_ask(web, WEB_GET(UNIT)), 401, "\"type\": \"/api#login\"");
    assert_answer(post(web, UNIT "/restart", "", ""), 401, PROBLEM);
    assert_int_equal(web->restarts + web->others, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_one_unit, web_setup, web_teardown),
        cmocka_unit_test_setup_teardown(test_verbs, web_setup, web_teardown),
        cmocka_unit_test_setup_teardown(test_bodies, web_setup, web_teardown),
        cmocka_unit_test_setup_teardown(test_refused, web_setup, web_teardown),
        cmocka_unit_test_setup_teardown(test_brokers_refusals, web_setup, web_teardown),
        cmocka_unit_test_setup_teardown(test_who_does_not_wait, web_setup, web_teardown),
        cmocka_unit_test_setup_teardown(test_outcome_of_a_press, web_setup, web_teardown),
        cmocka_unit_test_setup_teardown(test_parts_of_the_list, web_setup, web_teardown),
        cmocka_unit_test_setup_teardown(test_who_is_not_logged_in, setup_login, web_teardown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
