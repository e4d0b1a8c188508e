/* The web front, one request at a time: status and words of every answer, and whether the broker heard of it.
 */
#include <stdlib.h>
#include <string.h>

#include "tests/unit/test.h"
#include "tests/unit/web-client.h"

#define HTML "Accept: text/html,*/*;q=0.8\r\n"
#define JSON "Accept: application/json\r\n"
#define FORM "Content-Type: application/x-www-form-urlencoded\r\n"
#define RPC(length, body)                                                                                    \
    "POST /RPC2 HTTP/1.1\r\n" WEB_HOST "Content-Type: text/xml\r\nContent-Length: " length "\r\n\r\n" body

static const struct request_case {
    const char *request;
    unsigned status;
    const char *part;
} REFUSED[] = {
    /* Paths and methods. */
    { WEB_GET("/nothing"), 404, "text/plain" },
    { WEB_GET("/RESTART"), 404, "" },
    { WEB_GET("/%2e"), 404, "" },
    { WEB_GET("/restart"), 405, "Allow: POST\r\n" },
    { WEB_GET("/RPC2"), 405, "Allow: POST\r\n" },
    { "POST / HTTP/1.1\r\n" WEB_HOST "Content-Length: 0\r\n\r\n", 405, "Allow: GET, HEAD\r\n" },
    { "PUT /restart HTTP/1.1\r\n" WEB_HOST "Content-Length: 0\r\n\r\n", 405, "Allow: POST\r\n" },
    { "OPTIONS /RPC2 HTTP/1.1\r\n" WEB_HOST "\r\n", 405, "Allow: POST\r\n" },
    { "GET /nothing HTTP/1.1\r\n" WEB_HOST HTML "\r\n", 404, "There is no such page" },
    { "GET /nothing HTTP/1.1\r\n" WEB_HOST JSON "\r\n", 404, "\"refusal\": \"http\"" },
    /* Hosts. */
    { "GET / HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n", 421, "text/html" },
    { "GET /api/instances HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n", 421,
      "application/problem+json" },
    { "GET / HTTP/1.1\r\nHost:\r\nConnection: close\r\n\r\n", 421, "" },
    { "GET /script.js HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n", 421, "" },
    { "POST /style.css HTTP/1.1\r\nHost: evil.example\r\nContent-Length: 0\r\nConnection: close\r\n\r\n", 421,
      "" },
    /* Other sites. */
    { WEB_POST("Origin: null\r\n"), 403, "\"refusal\": \"cross-site\"" },
    { WEB_POST("Origin: http://evil.example\r\n"), 403, "another site" },
    { WEB_POST("Origin:\r\n"), 403, "another site" },
    { WEB_POST("Sec-Fetch-Site: cross-site\r\n"), 403, "another site" },
    { WEB_POST("Sec-Fetch-Site:\r\n"), 403, "another site" },
    { WEB_POST(HTML "Origin: null\r\n"), 403, "data-outcome=\"refused\"" },
    { WEB_POST("Origin: http://127.0.0.1\r\nOrigin: http://127.0.0.1\r\n"), 403, "another site" },
    { WEB_POST("Sec-Fetch-Site: none\r\nSec-Fetch-Site: cross-site\r\n"), 403, "another site" },
    { "POST /RPC2 HTTP/1.1\r\n" WEB_HOST "Origin: null\r\nContent-Length: 0\r\n\r\n", 403, "another site" },
    /* Media types. */
    { "POST /restart HTTP/1.1\r\n" WEB_HOST "Content-Length: 15\r\n\r\nservice_id=1234", 415, "urlencoded" },
    { "POST /restart HTTP/1.1\r\n" WEB_HOST
      "Content-Type: text/plain\r\nContent-Length: 15\r\n\r\nservice_id=1234",
      415, "" },
    { WEB_POST("Content-Type: text/plain\r\n"), 415, "" },
    { "POST /RPC2 HTTP/1.1\r\n" WEB_HOST "Content-Type: text/plain\r\nContent-Length: 1\r\n\r\nx", 415,
      "text/xml" },
    /* Forms and names. */
    { WEB_POST_BODY("", "0", ""), 400, "no field service_id" },
    { WEB_POST_BODY("", "11", "service_id="), 400, "\"refusal\": \"name\"" },
    { WEB_POST_BODY("", "15", "service_id=12/4"), 400, "\"code\": 1," },
    { WEB_POST_BODY("", "17", "service_id=12%0A4"), 400, "\"code\": 1," },
    { WEB_POST_BODY("", "17", "service_id=12%004"), 400, "not properly encoded" },
    { WEB_POST_BODY("", "17", "service_id=1&a=12"), 400, "another field" },
    { WEB_POST_BODY(HTML, "15", "service_id=12/4"), 400, "<p class=\"verdict\">Not restarted</p>" },
    { "POST /restart?a HTTP/1.1\r\n" WEB_HOST FORM "Content-Length: 15\r\n\r\nservice_id=1234", 400,
      "question mark" },
    { "POST /restart HTTP/1.1\r\n" WEB_HOST FORM "Content-Length: 20000\r\n\r\n", 413, "\"success\": false" },
    /* XML-RPC. */
    { RPC("4", "junk"), 200, "<i4>-32700</i4>" },
    { RPC("13", "<!DOCTYPE a>\n"), 200, "-32700" },
    { RPC("53", "<methodCall><methodName>stop</methodName></methodCall>"), 200, "-32700" },
    { RPC("71", "<methodCall><methodName>system.shutdown</methodName><params/></methodCall>"), 200, "-32" },
    { "POST /RPC2?x HTTP/1.1\r\n" WEB_HOST "Content-Type: text/xml\r\nContent-Length: 1\r\n\r\nx", 400,
      "/RPC2" },
};

/* Every answer carries them, whatever it says. */
static void assert_headers(const char *answer)
{
    static const char *const HEADERS[] = {
        "\r\nContent-Security-Policy: default-src 'none'; ",
        "frame-ancestors 'none'; base-uri 'none'\r\n",
        "\r\nX-Frame-Options: DENY\r\n",
        "\r\nX-Content-Type-Options: nosniff\r\n",
        "\r\nReferrer-Policy: same-origin\r\n",
        "\r\nCross-Origin-Opener-Policy: same-origin\r\n",
        "\r\nCache-Control: no-store\r\n",
        "\r\nCross-Origin-Resource-Policy: same-origin\r\n",
        "\r\nContent-Type: ",
    };

    for (size_t i = 0; i < sizeof(HEADERS) / sizeof(*HEADERS); i++)
        if (!strstr(answer, HEADERS[i]))
            fail_msg("no %s in\n%s", HEADERS[i], answer);
}

static void test_refused(void **state)
{
    struct web *web = *state;

    /* Twice: the second answer is the kept one. */
    for (size_t i = 0; i < 2 * sizeof(REFUSED) / sizeof(*REFUSED); i++) {
        const struct request_case *c = &REFUSED[i / 2];
        const char *answer = web_ask(web, c->request);

        if (strncmp(answer, "HTTP/1.1 ", 9) != 0 || strtoul(answer + 9, NULL, 10) != c->status ||
            !strstr(answer, c->part))
            fail_msg("%s\n->\n%s", c->request, answer);
        assert_headers(answer);
    }
    assert_int_equal(web->restarts + web->lists + web->others, 0);
}

static void test_restart(void **state)
{
    struct web *web = *state;

    assert_answer(web_ask(web, WEB_POST("")), 200, "\n  \"success\": true,\n");
    assert_string_equal(web->id, "1234");
    assert_string_equal(web->client, "local");
    assert_answer(web_ask(web, WEB_POST(HTML)), 200, "<p class=\"verdict\">Restarted</p>");
    assert_headers(web_ask(web, WEB_POST(HTML)));
    assert_answer(web_ask(web, WEB_POST("Host: 127.0.0.1\r\n")), 400, "Host");
    assert_answer(web_ask(web, WEB_POST("Origin: http://127.0.0.1\r\nSec-Fetch-Site: same-origin\r\n")), 200,
                  "true");
    assert_answer(web_ask(web, WEB_POST_BODY("", "33", "service_id=example%401234.service")), 200,
                  "It was restarted.");
    assert_string_equal(web->id, "example@1234.service");
    assert_int_equal(web->restarts, 5);
}

static void test_bad_ends(void **state)
{
    struct web *web = *state;

    web->mode = BROKER_FAILS;
    assert_answer(web_ask(web, WEB_POST("")), 200, "\"success\": false");
    assert_answer(web_ask(web, WEB_POST(HTML)), 200, "data-outcome=\"failed\"");
    web->mode = BROKER_REFUSES;
    assert_answer(web_ask(web, WEB_POST("")), 429, "\r\nRetry-After: 7\r\n");
    assert_answer(web_ask(web, WEB_POST("")), 429, "\"message\": \"Wait <7> s.\"");
    assert_answer(web_ask(web, WEB_POST(HTML)), 429,
                  "<p class=\"message\" lang=\"en\">Wait &lt;7&gt; s.</p>");
    web->mode = BROKER_BABBLES;
    assert_answer(web_ask(web, WEB_POST("")), 503, "may or may not have been restarted");
    assert_answer(web_ask(web, WEB_POST(HTML)), 503, "data-outcome=\"unknown\"");
    web_stop_broker(web);
    assert_answer(web_ask(web, WEB_POST("")), 503, "\"refusal\": \"unavailable\"");
    assert_answer(web_ask(web, WEB_POST(HTML)), 503, "Nothing was restarted: the broker cannot be reached.");
}

static void test_reading(void **state)
{
    struct web *web = *state;

    assert_answer(web_ask(web, WEB_GET("/")), 200,
                  "<li data-unit=\"example@1234.service\" data-group=\"running\">");
    assert_answer(web_ask(web, WEB_GET("/?a=b")), 200, "<li data-unit");
    assert_answer(web_ask(web, "HEAD / HTTP/1.1\r\n" WEB_HOST "\r\n"), 200, "text/html");
    assert_answer(web_ask(web, "GET / HTTP/1.1\r\nHost: BUTTON.example:1\r\nConnection: close\r\n\r\n"), 200,
                  "<li ");
    assert_answer(web_ask(web, WEB_GET("/api/instances")), 200, "\"example@1234.service\"");
    assert_answer(web_ask(web, WEB_GET("/healthz")), 200, "\r\n\r\nok\n");
    assert_answer(web_ask(web, "GET /healthz HTTP/1.1\r\n" WEB_HOST JSON "\r\n"), 200, "\n  \"ok\": true,\n");
    assert_answer(web_ask(web, WEB_GET("/style.css")), 200, "text/css");
    assert_answer(web_ask(web, WEB_GET("/script.js")), 200, "text/javascript");
    assert_answer(web_ask(web, WEB_GET("/icon.svg")), 200, "image/svg+xml");
    /* What the page that says 421 needs, and says nothing of the machine. */
    assert_answer(web_ask(web, "GET /style.css HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n"),
                  200, "text/css");
    assert_answer(web_ask(web, "GET /icon.svg HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n"),
                  200, "image/svg+xml");
    assert_headers(web_ask(web, WEB_GET("/")));
    assert_headers(web_ask(web, WEB_GET("/script.js")));
    assert_int_equal(web->restarts, 0);
}

/* Kinder to whoever reads it in a terminal. */
static void test_a_last_line_has_an_end(void **state)
{
    static const char *const REQUESTS[] = {
        WEB_GET("/api/instances"),
        WEB_GET("/healthz"),
        "GET /healthz HTTP/1.1\r\n" WEB_HOST "Accept: application/json\r\n\r\n",
        WEB_GET("/nothing"),
        "GET /nothing HTTP/1.1\r\n" WEB_HOST "Accept: application/json\r\n\r\n",
        WEB_POST(""),
    };

    for (size_t i = 0; i < sizeof(REQUESTS) / sizeof(*REQUESTS); i++) {
        const char *answer = web_ask(*state, REQUESTS[i]);

        assert_int_equal(answer[strlen(answer) - 1], '\n');
        assert_int_not_equal(answer[strlen(answer) - 2], '\n');
    }
}

static void test_reading_without_a_broker(void **state)
{
    struct web *web = *state;

    web_stop_broker(web);
    assert_answer(web_ask(web, WEB_GET("/")), 503, "The broker cannot be reached.");
    assert_answer(web_ask(web, WEB_GET("/")), 503, "<input id=\"q\"");
    assert_answer(web_ask(web, WEB_GET("/api/instances")), 503, "\"refusal\": \"unavailable\"");
    assert_answer(web_ask(web, WEB_GET("/healthz")), 503, "The broker cannot be reached.");
    assert_answer(web_ask(web, "GET /healthz HTTP/1.1\r\n" WEB_HOST JSON "\r\n"), 503, "\"ok\": false");
}

static void test_broken_policy(void **state)
{
    struct web *web = *state;

    web->policy_broken = true;
    assert_answer(web_ask(web, WEB_GET("/")), 200,
                  "</strong> <span lang=\"en\">policy.conf:3: odd</span></p>");
    assert_answer(web_ask(web, WEB_GET("/healthz")), 503, "policy.conf:3: odd\n");
    assert_answer(web_ask(web, WEB_GET("/api/instances")), 200, "\"policy_ok\": false");
}

static void test_relay(void **state)
{
    struct web *web = *state;

    assert_answer(web_call(web, "restarter.restart", WEB_ID_PARAM), 200, "<boolean>1</boolean>");
    assert_string_equal(web->id, "1234");
    assert_answer(web_call(web, "restart_unit", WEB_ID_PARAM), 200, "It was restarted.");
    assert_int_equal(web->restarts, 2);
    assert_answer(web_call(web, "restarter.list", ""), 200, "example@1234.service");
    /* Those that can be called here. */
    assert_answer(web_call(web, "system.listMethods", ""), 200,
                  "<data>\r\n<value><string>restart_unit</string></value>\r\n</data>");
    assert_answer(web_call(web, "restarter.status", WEB_ID_PARAM), 200, "other \"&lt;&#233;&gt;");
    assert_int_equal(web->others, 2);
    assert_answer(web_call(web, "system.shutdown", WEB_ID_PARAM), 200, "-32601");
    assert_answer(web_call(web, "restarter.listx", WEB_ID_PARAM), 200, "-32601");
    assert_headers(web_call(web, "restarter.status", WEB_ID_PARAM));
    assert_int_equal(web->restarts, 2);
}

static void test_relay_of_bad_ends(void **state)
{
    struct web *web = *state;

    web->mode = BROKER_REFUSES;
    assert_answer(web_call(web, "restarter.restart", WEB_ID_PARAM), 200, "Wait &lt;7&gt; s.");
    assert_answer(web_call(web, "restarter.restart", WEB_ID_PARAM), 200, "\r\nRetry-After: 7\r\n");
    web->mode = BROKER_BABBLES;
    assert_answer(web_call(web, "restarter.restart", WEB_ID_PARAM), 200, "<i4>12</i4>");
    assert_answer(web_call(web, "restart_unit", WEB_ID_PARAM), 200, "<boolean>0</boolean>");
    assert_answer(web_call(web, "restart_unit", WEB_ID_PARAM), 200, "may or may not have been restarted");
    web_stop_broker(web);
    assert_answer(web_call(web, "restarter.restart", WEB_ID_PARAM), 200, "<i4>10</i4>");
    assert_answer(web_call(web, "restart_unit", WEB_ID_PARAM), 200,
                  "Nothing was restarted: the broker cannot be reached.");
    assert_answer(web_call(web, "restarter.list", ""), 200, "-32300");
    assert_answer(web_call(web, "system.listMethods", ""), 200, "The broker cannot be reached.");
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, web_setup, web_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_refused),
        TEST(test_restart),
        TEST(test_bad_ends),
        TEST(test_reading),
        TEST(test_a_last_line_has_an_end),
        TEST(test_reading_without_a_broker),
        TEST(test_broken_policy),
        TEST(test_relay),
        TEST(test_relay_of_bad_ends),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
