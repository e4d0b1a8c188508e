/* A Host or an Origin that does not fit: which two, and that a proxy may be the reason. */
#include <string.h>

#include "tests/unit/test.h"
#include "tests/unit/web-client.h"

#define PROXY                                                                                                \
    "If a reverse proxy is in between, it has to pass the Host header on as the browser sent it, with its port."
#define GET_BY(host, accept)                                                                                 \
    "GET /healthz HTTP/1.1\r\nHost: " host "\r\nConnection: close\r\nAccept: " accept "\r\n\r\n"

static void test_host(void **state)
{
    struct web *web = *state;
    char *answer = web_ask(web, GET_BY("panel.example:8443", "text/plain"));

    assert_answer(answer, 421, "host name \"panel.example:8443\"");
    assert_answer(answer, 421, PROXY);
    assert_answer(answer, 421, "AllowedHosts= in /etc/restarter/webfront.conf");
    /* Which names would do is nothing that everybody is told. */
    assert_null(strstr(answer, "button.example"));
    assert_answer(web_ask(web, GET_BY("<b>&\"", "text/html")), 421, "&lt;b&gt;&amp;&quot;");
    assert_answer(web_ask(web, GET_BY("a\x1b[31m", "text/plain")), 421, "\"a?[31m\"");
    assert_answer(web_ask(web, GET_BY("a\"b", "application/json")), 421, "\\\"a\\\"b\\\"");
}

static void test_origin(void **state)
{
    struct web *web = *state;
    char *answer = web_ask(web, WEB_POST("Origin: https://button.example:8443\r\n"));

    assert_answer(answer, 403, "Its Origin is \\\"https://button.example:8443\\\"");
    assert_answer(answer, 403, "Host, which has to fit that, is \\\"127.0.0.1\\\"");
    assert_answer(answer, 403, PROXY);
    assert_answer(answer, 403, "\"refusal\": \"cross-site\"");
    /* There are no two then. */
    answer = web_ask(web, WEB_POST("Sec-Fetch-Site: cross-site\r\n"));
    assert_answer(answer, 403, "another site. Open this machine");
    answer = web_ask(web, WEB_POST("Sec-Fetch-Site: cross-site\r\nOrigin: http://127.0.0.1\r\n"));
    assert_answer(answer, 403, "another site. Open this machine");
    answer = web_ask(web, WEB_POST("Origin: http://a.example\r\nOrigin: http://b.example\r\n"));
    assert_answer(answer, 403, "another site. Open this machine");
    assert_int_equal(web->restarts, 0);
}

/* What is quoted is cut. */
static void test_long(void **state)
{
    static char request[4096] = "GET /healthz HTTP/1.1\r\nConnection: close\r\nAccept: text/plain\r\nHost: ";
    size_t length = strlen(request);
    char *answer;

    memset(request + length, 'a', 2000);
    (void)stpcpy(request + length + 2000, "\r\n\r\n");
    answer = web_ask(*state, request);
    assert_answer(answer, 421, "aaaaaaaa\". Open it");
    assert_true(strlen(answer) < 2000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_host, web_setup, web_teardown),
        cmocka_unit_test_setup_teardown(test_origin, web_setup, web_teardown),
        cmocka_unit_test_setup_teardown(test_long, web_setup, web_teardown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
