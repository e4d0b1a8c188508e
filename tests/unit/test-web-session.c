/* What is served where one has to log in: who is not logged in is led to the login and back, and sees
 * nothing; who is sees what is theirs; whose login has ended is told so. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "tests/unit/login-world.h"
#include "tests/unit/test.h"
#include "webfront/calls/list-cache.h"

#define BROWSER ACCEPT_HTML "Sec-Fetch-Site: same-origin\r\n"

static void test_closed(void **state)
{
    struct login_world *world = *state;
    struct web *web = world->web;
    const char *answer;

    assert_answer(web_ask(web, WEB_GET_WITH("/", ACCEPT_HTML)), 303, "\r\nLocation: /login\r\n");
    assert_answer(web_ask(web, WEB_GET_WITH("/", "")), 303, "\r\nLocation: /login\r\n");
    assert_answer(web_ask(web, WEB_GET_WITH("/api/instances", ACCEPT_HTML)), 303,
                  "\r\nLocation: /login?next=/api/instances\r\n");
    assert_answer(web_ask(web, WEB_GET_WITH("/confirm?service_id=1234&verb=restart", ACCEPT_HTML)), 303,
                  "\r\nLocation: /login\r\n");
    answer = web_ask(web, WEB_GET_WITH("/api/instances", ""));
    assert_answer(answer, 401, "\"refusal\": \"login\"");
    assert_answer(answer, 401, "\r\nWWW-Authenticate: Basic realm=\"restarter\"");
    assert_answer(web_call(web, "restarter.list", ""), 401, "\r\nWWW-Authenticate: Basic");
    assert_answer(web_call(web, "restart_unit", WEB_ID_PARAM), 401, "Nobody is logged in");
    answer = web_ask(web, WEB_POST(""));
    assert_answer(answer, 401, "Nothing was done: nobody is logged in.");
    assert_answer(answer, 401, "\r\nWWW-Authenticate: Basic");
    assert_answer(web_ask(web, WEB_GET_WITH("/script.js", "")), 401, "Nobody is logged in");
    assert_int_equal(web->restarts + web->lists + web->others, 0);
}

/* A browser is never asked in a way that makes it open a dialogue of its own. */
static void test_closed_for_browsers(void **state)
{
    struct login_world *world = *state;
    const char *answer = web_ask(world->web, WEB_POST(BROWSER));

    assert_answer(answer, 401, "Not restarted: log in first");
    assert_answer(answer, 401, "Nothing was done: nobody is logged in.");
    assert_answer(answer, 401, "href=\"/login\"");
    assert_lacks(answer, "WWW-Authenticate");
    assert_lacks(web_ask(world->web, WEB_GET_WITH("/api/instances", "Sec-Fetch-Site: same-origin\r\n")),
                 "WWW-Authenticate");
    assert_int_equal(world->web->restarts, 0);
}

static void test_open(void **state)
{
    static const char *const OPEN[] = { WEB_GET_WITH("/style.css", ""), WEB_GET_WITH("/icon.svg", ""),
                                        WEB_GET_WITH("/login", ACCEPT_HTML) };
    struct login_world *world = *state;

    for (size_t i = 0; i < sizeof(OPEN) / sizeof(*OPEN); i++)
        assert_answer(web_ask(world->web, OPEN[i]), 200, "");
    world->web->wants_login = true;
    assert_answer(web_ask(world->web, WEB_GET_WITH("/healthz", "")), 200, "ok");
    assert_answer(web_ask(world->web, WEB_GET_WITH("/healthz", "Accept: application/json\r\n")), 200,
                  "\"covers\": \"web front, broker\"");
    assert_answer(web_ask(world->web, "POST /login HTTP/1.1\r\n" WEB_HOST "Content-Length: 0\r\n\r\n"), 400,
                  "You are not logged in");
    assert_answer(web_ask(world->web, "PUT /login HTTP/1.1\r\n" WEB_HOST "Content-Length: 0\r\n\r\n"), 405,
                  "\r\nAllow: GET, HEAD, POST\r\n");
}

static void test_ended(void **state)
{
    struct login_world *world = *state;
    struct web *web = world->web;
    const char *answer;

    assert_answer(login_world_ask_as(world, WEB_GET_WITH("/", ACCEPT_HTML), world->ticket), 200, "anna");
    web->signed_out = world->ticket;
    list_cache_drop(webfront_parts(web->front)->list);
    answer = login_world_ask_as(world, WEB_GET_WITH("/", ACCEPT_HTML), world->ticket);
    assert_answer(answer, 303, "\r\nLocation: /login?said=ended\r\n");
    assert_answer(answer, 303, "\r\nSet-Cookie: restarter=; Max-Age=0;");
    assert_answer(answer, 303, "\r\nSet-Cookie: __Host-restarter=; Max-Age=0;");
    answer = login_world_ask_as(world, WEB_POST(BROWSER), world->ticket);
    assert_answer(answer, 401, "Not restarted: log in first");
    assert_answer(answer, 401, "href=\"/login\"");
    assert_lacks(answer, "WWW-Authenticate");
    answer = login_world_ask_as(world, WEB_POST(""), world->ticket);
    assert_answer(answer, 401, "\"code\": 19");
    assert_lacks(answer, "WWW-Authenticate");
    answer = login_world_ask_as(world, WEB_GET_WITH("/api/instances", ""), world->ticket);
    assert_answer(answer, 401, "\"refusal\": \"login\"");
    assert_lacks(answer, "WWW-Authenticate");
    assert_answer(login_world_ask_as(world, web_format_call("restarter.list", ""), world->ticket), 401,
                  "Signed out.");
    answer = login_world_ask_as(world, web_format_call("restarter.restart", WEB_ID_PARAM), world->ticket);
    assert_answer(answer, 401, "<i4>19</i4>");
    assert_lacks(answer, "WWW-Authenticate");
    answer = login_world_ask_as(world, web_format_call("restart_unit", WEB_ID_PARAM), world->ticket);
    assert_answer(answer, 401, "<boolean>0</boolean>");
    assert_answer(answer, 401, "Signed out.");
    assert_lacks(answer, "WWW-Authenticate");
    assert_int_equal(web->restarts, 0);
}

/* Whoever follows a link in a mail, or a bookmark on somebody's page, may be logged in: the cookie is not
 * sent then, and is when a page of ours goes on from there. */
static void test_link_of_another_site(void **state)
{
    static const char FAR[] = "Sec-Fetch-Site: cross-site\r\nSec-Fetch-Dest: document";
    struct login_world *world = *state;
    const char *answer = web_ask(world->web, login_world_with(WEB_GET_WITH("/", ACCEPT_HTML), FAR));

    assert_answer(answer, 200, "\r\nRefresh: 0\r\n");
    assert_answer(answer, 200, "\r\nCache-Control: no-store\r\n");
    assert_answer(answer, 200, "<a href=\"/\"");
    assert_lacks(answer, "Set-Cookie");
    assert_int_equal(world->web->lists, 0);
    answer = web_ask(world->web, login_world_with(WEB_GET_WITH("/", ACCEPT_HTML),
                                                  "Sec-Fetch-Site: same-origin\r\nSec-Fetch-Dest: document"));
    assert_answer(answer, 303, "\r\nLocation: /login\r\n");
    answer = web_ask(world->web, login_world_with(WEB_GET_WITH("/", ACCEPT_HTML),
                                                  "Sec-Fetch-Site: cross-site\r\nSec-Fetch-Dest: iframe"));
    assert_answer(answer, 303, "\r\nLocation: /login\r\n");
}

/* A cookie that counts as none is taken away. */
static void test_unfit_cookie(void **state)
{
    struct login_world *world = *state;
    const char *answer =
        web_ask(world->web, login_world_with(WEB_GET_WITH("/", ACCEPT_HTML), "Cookie: restarter=<>"));

    assert_answer(answer, 303, "\r\nLocation: /login\r\n");
    assert_answer(answer, 303, "\r\nSet-Cookie: restarter=; Max-Age=0;");
    assert_int_equal(world->web->lists, 0);
}

/* Of two, ours is not: were it taken away, the one of another site in the same domain would count alone at
 * the next request, and who had logged in here would be somebody else there, and not notice. */
static void test_two_cookies(void **state)
{
    static const char *const TWO[] = { "Cookie: restarter=a; restarter=b",
                                       "Cookie: restarter=a\r\nCookie: restarter=b",
                                       "Cookie: __Host-restarter=a; __Host-restarter=b",
                                       "Cookie: restarter=a\r\nCookie: x=y" };
    struct login_world *world = *state;

    for (size_t i = 0; i < sizeof(TWO) / sizeof(*TWO); i++) {
        const char *answer = web_ask(world->web, login_world_with(WEB_GET_WITH("/", ACCEPT_HTML), TWO[i]));

        assert_answer(answer, 303, "\r\nLocation: /login?said=two-cookies\r\n");
        assert_lacks(answer, "Set-Cookie");
        answer = web_ask(world->web, login_world_with(WEB_POST(BROWSER), TWO[i]));
        assert_answer(answer, 401, "nobody is logged in");
        assert_lacks(answer, "Set-Cookie");
    }
    assert_answer(web_ask(world->web, WEB_GET_WITH("/login?said=two-cookies", ACCEPT_HTML)), 200,
                  "another site of the same domain");
    assert_int_equal(world->web->lists + world->web->restarts, 0);
}

/* Each sees what is theirs, also at the same time. */
static void test_two_people(void **state)
{
    struct login_world *world = *state;
    char bert[TICKET_SIZE], annas[64], berts[64];
    int fds[2];

    login_world_ticket("bert", bert);
    (void)snprintf(annas, sizeof(annas), "example@%.40s.service", world->ticket);
    (void)snprintf(berts, sizeof(berts), "example@%.40s.service", bert);
    assert_string_not_equal(annas, berts);
    for (int round = 0; round < 3; round++) {
        char cookie[TICKET_SIZE + 32], *answer;

        (void)snprintf(cookie, sizeof(cookie), "Cookie: restarter=%s", world->ticket);
        fds[0] = web_send(world->web, login_world_with(WEB_GET_WITH("/", ACCEPT_HTML), cookie));
        (void)snprintf(cookie, sizeof(cookie), "Cookie: restarter=%s", bert);
        fds[1] = web_send(world->web, login_world_with(WEB_GET_WITH("/", ACCEPT_HTML), cookie));
        answer = web_receive(world->web, fds[0]);
        assert_answer(answer, 200, "<bdi>anna</bdi>");
        assert_answer(answer, 200, annas);
        assert_lacks(answer, berts);
        answer = web_receive(world->web, fds[1]);
        assert_answer(answer, 200, "<bdi>bert</bdi>");
        assert_answer(answer, 200, berts);
        assert_lacks(answer, annas);
    }
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, login_world_setup, login_world_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_closed),      TEST(test_closed_for_browsers),  TEST(test_open),
        TEST(test_ended),       TEST(test_link_of_another_site), TEST(test_unfit_cookie),
        TEST(test_two_cookies), TEST(test_two_people),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
