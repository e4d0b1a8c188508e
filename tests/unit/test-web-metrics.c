/* Who gets /metrics at which door, and that its own socket has nothing else. */
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tests/unit/test.h"
#include "tests/unit/web-client.h"

#define BROKERS "restarter_restarts_total{template=\"example@.service\",verb=\"restart\",result=\"up\"} 7\n"
#define METRICS WEB_GET("/metrics")

static void test_where_nobody_logs_in(void **state)
{
    struct web *web = *state;

    assert_answer(web_ask(web, METRICS), 200, "Content-Type: text/plain; version=0.0.4; charset=utf-8\r\n");
    assert_answer(web_ask(web, METRICS), 200, BROKERS);
    assert_string_equal(web->method, "restarter.metrics");
    /* The answers before that one. */
    assert_answer(web_ask(web, METRICS), 200, "restarter_http_requests_total{code=\"2xx\"} 2\n");
    assert_answer(web_ask(web, WEB_GET("/nothing")), 404, "");
    assert_answer(web_ask(web, METRICS), 200, "restarter_http_requests_total{code=\"4xx\"} 1\n");
    assert_answer(web_ask(web, "HEAD /metrics HTTP/1.1\r\n" WEB_HOST "\r\n"), 200, "version=0.0.4");
    assert_answer(web_ask(web, "POST /metrics HTTP/1.1\r\n" WEB_HOST "Content-Length: 0\r\n\r\n"), 405,
                  "Allow: GET, HEAD\r\n");
    assert_answer(web_ask(web, WEB_POST("Origin: null\r\n")), 403, "");
    assert_answer(web_ask(web, METRICS), 200, "refusal=\"cross-site\"} 1\n");
    web_stop_broker(web);
    assert_answer(web_ask(web, METRICS), 200, "restarter_broker_up 0\n");
}

static int setup_login(void **state)
{
    return web_setup_with(state, "[Web]\nLogin=password\n");
}

static void test_where_people_log_in(void **state)
{
    struct web *web = *state;

    assert_answer(web_ask(web, METRICS), 401, "WWW-Authenticate: Basic ");
    assert_int_equal(web->others, 0);
}

/* The broker says who is an administrator. */
static void test_for_administrators(void **state)
{
    struct web *web = *state;

    web->mode = BROKER_GRANTS_NOT;
    assert_answer(web_ask(web, METRICS), 403, "Not <granted>.");
}

/* --- at its own socket --- */

static int listen_fd;

static int setup_own(void **state)
{
    struct web *web;

    assert_int_equal(setup_login(state), 0);
    web = *state;
    (void)close(listen_fd);
    listen_fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    web->address_size = sizeof(sa_family_t);
    assert_int_equal(bind(listen_fd, (struct sockaddr *)&web->address, web->address_size), 0);
    web->address_size = sizeof(web->address);
    assert_int_equal(getsockname(listen_fd, (struct sockaddr *)&web->address, &web->address_size), 0);
    assert_int_equal(listen(listen_fd, 64), 0);
    assert_int_equal(webfront_serve_metrics(web->front, listen_fd), 0);
    return 0;
}

static void test_own_socket(void **state)
{
    static const char *const OTHERS[] = {
        WEB_GET("/"),       WEB_GET("/api/instances"), WEB_GET("/login"),    WEB_GET("/healthz"),
        WEB_GET("/metric"), WEB_GET("/style.css"),     WEB_GET("/metrics/"), WEB_GET("/%6detrics"),
        WEB_POST(""),       WEB_GET("/api"),           WEB_GET("//metrics"),
    };
    struct web *web = *state;

    assert_answer(web_ask(web, METRICS), 200, BROKERS);
    assert_string_equal(web->ticket, "");
    for (size_t i = 0; i < sizeof(OTHERS) / sizeof(*OTHERS); i++)
        assert_answer(web_ask(web, OTHERS[i]), 404, "");
    assert_answer(web_ask(web, "POST /metrics HTTP/1.1\r\n" WEB_HOST "Content-Length: 0\r\n\r\n"), 405, "");
    assert_answer(web_ask(web, "GET /metrics HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n"),
                  421, "");
    assert_answer(web_ask(web, "GET /metrics HTTP/1.1\r\n" WEB_HOST "Remote-User: root\r\n\r\n"), 400, "");
    /* A cookie is nobody's here. */
    assert_answer(web_ask(web, "GET /metrics HTTP/1.1\r\n" WEB_HOST "Cookie: restarter=a\r\n\r\n"), 200,
                  "up 1\n");
    assert_string_equal(web->ticket, "");
    assert_int_equal(web->restarts + web->lists, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_where_nobody_logs_in, web_setup, web_teardown),
        cmocka_unit_test_setup_teardown(test_where_people_log_in, setup_login, web_teardown),
        cmocka_unit_test_setup_teardown(test_for_administrators, web_setup, web_teardown),
        cmocka_unit_test_setup_teardown(test_own_socket, setup_own, web_teardown),
    };

    listen_fd = -1;
    return cmocka_run_group_tests(tests, NULL, NULL);
}
