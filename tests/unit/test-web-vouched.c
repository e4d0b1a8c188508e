/* Who is named in a header: at the proxy's door exactly one, whatever is asked for; at any other door nobody.
 */
#include <stdio.h>
#include <string.h>

#include "tests/unit/test.h"
#include "tests/unit/web-client.h"

/* All that there is to ask for: what stands before those headers, and behind them. */
static const struct asked {
    const char *line, *rest;
} REQUESTS[] = {
    { "GET /", "\r\n" },
    { "GET /api/instances", "\r\n" },
    { "GET /healthz", "\r\n" },
    { "GET /style.css", "\r\n" },
    { "GET /script.js", "\r\n" },
    { "POST /restart", "Content-Type: application/x-www-form-urlencoded\r\n"
                       "Content-Length: 15\r\n\r\nservice_id=1234" },
    { "POST /RPC2",
      "Content-Type: text/xml\r\nContent-Length: 86\r\n\r\n"
      "<methodCall><methodName>restarter.list</methodName><params></params></methodCall>     " },
};
enum { N_REQUESTS = sizeof(REQUESTS) / sizeof(*REQUESTS) };

static char *ask_with(struct web *web, size_t number, const char *headers)
{
    const struct asked *asked = &REQUESTS[number];
    char request[1024];

    (void)snprintf(request, sizeof(request), "%s HTTP/1.1\r\n" WEB_HOST "%s%s", asked->line, headers,
                   asked->rest);
    return web_ask(web, request);
}

static void assert_refused_all(struct web *web, const char *headers, const char *words)
{
    for (size_t i = 0; i < N_REQUESTS; i++)
        assert_answer(ask_with(web, i, headers), 400, words);
    assert_int_equal(web->restarts + web->lists + web->others, 0);
}

static void test_nobody_may_be_named(void **state)
{
    static const char *const HEADERS[] = {
        "Remote-User: anna\r\n",    "remote-user: anna\r\n",     "Remote_User: anna\r\n",
        "Remote-User:\r\n",         "Remote-User: \xff\xfe\r\n", "Remote-Groups: staff\r\n",
        "REMOTE_GROUPS: staff\r\n", "Remote_Groups: \r\n",
    };

    for (size_t i = 0; i < sizeof(HEADERS) / sizeof(*HEADERS); i++)
        assert_refused_all(*state, HEADERS[i], "names a person");
    for (size_t i = 0; i < N_REQUESTS; i++)
        assert_answer(ask_with(*state, i, "X-Remote-User: anna\r\nRestarter-User: anna\r\n"), 200, "");
    assert_string_equal(((struct web *)*state)->user, "");
}

static void test_somebody_has_to_be_named(void **state)
{
    assert_refused_all(*state, "", "did not say who you are");
    assert_refused_all(*state, "Remote-Groups: staff\r\n", "did not say who you are");
    assert_refused_all(*state, "Remote-User: anna\r\nRemote-User: anna\r\n", "more than once");
    assert_refused_all(*state, "Remote-User: anna\r\nRemote_User: bob\r\n", "also with _ in the place of -");
    assert_refused_all(*state, "Remote-User: <b>\r\n", "no name here");
    assert_refused_all(*state, "Remote-User: anna\r\nRemote-Groups: a b\r\n", "make no sense");
}

/* Each call is for whom it is named, and for nobody else. */
static void test_who_is_named_is_served(void **state)
{
    struct web *web = *state;

    for (size_t i = 0; i < N_REQUESTS; i++)
        assert_answer(ask_with(web, i, "Remote-User: anna\r\nRemote-Groups: staff , ops\r\n"), 200, "");
    assert_string_equal(web->user, "anna");
    assert_string_equal(web->groups, "staff,ops");
    assert_int_equal(web->restarts, 1);
    assert_answer(ask_with(web, 5, "Remote-User: bob\r\nRestarter-Groups: ops\r\n"), 200, "");
    assert_string_equal(web->user, "bob");
    assert_string_equal(web->groups, "");
}

/* A list that is kept is kept for one person, in those groups. */
static void test_lists_are_not_shared(void **state)
{
    static const char *const PEOPLE[] = { "Remote-User: anna\r\n", "Remote-User: bob\r\n",
                                          "Remote-User: anna\r\nRemote-Groups: ops\r\n" };
    struct web *web = *state;

    for (unsigned i = 0; i < 3; i++) {
        assert_answer(ask_with(web, 1, PEOPLE[i]), 200, i == 1 ? "bob" : "anna");
        assert_int_equal(web->lists, i + 1);
    }
}

/* That is the proxy's to do. */
static void test_nobody_logs_in_here(void **state)
{
    static const char *const REQUESTS_OF_LOGINS[] = {
        "GET /login HTTP/1.1\r\n" WEB_HOST "Remote-User: anna\r\n\r\n",
        "POST /login HTTP/1.1\r\n" WEB_HOST "Remote-User: anna\r\nContent-Length: 0\r\n\r\n",
    };

    for (size_t i = 0; i < sizeof(REQUESTS_OF_LOGINS) / sizeof(*REQUESTS_OF_LOGINS); i++)
        assert_answer(web_ask(*state, REQUESTS_OF_LOGINS[i]), 404, "the reverse proxy in front of this page");
}

static void test_address_is_told(void **state)
{
    struct web *web = *state;

    assert_answer(web_ask(web, WEB_POST("X-Forwarded-For: 10.0.0.1, 192.0.2.7\r\n")), 200, "true");
    assert_string_equal(web->client, "192.0.2.7");
    assert_answer(web_ask(web, WEB_POST("X-Forwarded-For: 192.0.2.7, evil\r\n")), 200, "true");
    assert_string_equal(web->client, "local");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_nobody_may_be_named, web_setup, web_teardown),
        cmocka_unit_test_setup_teardown(test_somebody_has_to_be_named, web_setup_proxys, web_teardown),
        cmocka_unit_test_setup_teardown(test_who_is_named_is_served, web_setup_proxys, web_teardown),
        cmocka_unit_test_setup_teardown(test_lists_are_not_shared, web_setup_proxys, web_teardown),
        cmocka_unit_test_setup_teardown(test_nobody_logs_in_here, web_setup_proxys, web_teardown),
        cmocka_unit_test_setup_teardown(test_address_is_told, web_setup, web_teardown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
