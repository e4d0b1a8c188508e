/* Where nobody knows whether a login is needed, nobody is served, whatever is asked for and however; and
 * whoever asks is told where the reason stands. (Who comes from another machine: test_web_near.py.) */
#include <stdio.h>
#include <string.h>

#include "tests/unit/test.h"
#include "tests/unit/web-client.h"

#define GET(path, accept) "GET " path " HTTP/1.1\r\n" WEB_HOST "Accept: " accept "\r\n\r\n"
#define SENTENCE "Nothing was done: the settings of this page have a mistake, so that nobody is let in."

static void test_nobody_knows(void **state)
{
    static const struct {
        const char *request, *part;
    } CASES[] = {
        { GET("/", "text/html"), SENTENCE },
        { GET("/", "text/html"), "<html" },
        { GET("/", "application/json"), "\"code\": 10" },
        { GET("/api/instances", "*/*"), "\"refusal\": \"unavailable\"" },
        { GET("/healthz", "*/*"), "\r\n\r\n" SENTENCE },
        { GET("/script.js", "*/*"), SENTENCE },
        { GET("/nothing-here", "*/*"), SENTENCE },
        { "GET / HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n", SENTENCE },
        { WEB_POST(""), "\"code\": 10" },
        { "POST /RPC2 HTTP/1.1\r\n" WEB_HOST "Content-Type: text/xml\r\nContent-Length: 1\r\n\r\n<",
          SENTENCE },
        { "PUT / HTTP/1.1\r\n" WEB_HOST "Content-Length: 0\r\n\r\n", SENTENCE },
    };
    struct web *web = *state;
    uint64_t refusals = webfront_parts(web->front)->audit->refusals;

    web->settings.web.known = false;
    for (size_t i = 0; i < sizeof(CASES) / sizeof(*CASES); i++)
        assert_answer(web_ask(web, CASES[i].request), 503, CASES[i].part);
    assert_int_equal(web->restarts + web->lists + web->others, 0);
    assert_int_equal(webfront_parts(web->front)->audit->refusals, refusals + sizeof(CASES) / sizeof(*CASES));

    web->settings.web.known = true;
    assert_answer(web_ask(web, WEB_POST("")), 200, "It was restarted.");
}

/* Without which the page that says so would be bare text. */
static void test_its_page_has_a_style(void **state)
{
    struct web *web = *state;

    web->settings.web.known = false;
    assert_answer(web_ask(web, WEB_GET("/style.css")), 200, "text/css");
    assert_answer(web_ask(web, WEB_GET("/icon.svg")), 200, "svg");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_nobody_knows, web_setup, web_teardown),
        cmocka_unit_test_setup_teardown(test_its_page_has_a_style, web_setup, web_teardown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
