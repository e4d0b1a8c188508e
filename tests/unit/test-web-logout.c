/* The end of a login: what is said of it is what became of it; and that a login which is used goes on. */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "common/cleanup.h"
#include "common/web-settings.h"
#include "tests/unit/login-world.h"
#include "tests/unit/test.h"
#include "webfront/calls/session.h"

#define POST_LOGOUT(headers, length, body)                                                                   \
    "POST /logout HTTP/1.1\r\n" WEB_HOST ACCEPT_HTML headers                                                 \
    "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: " length "\r\n\r\n" body
#define HERE POST_LOGOUT("", "0", "")
#define EVERYWHERE POST_LOGOUT("", "14", "everywhere=yes")

/* --- signing out --- */

static void assert_left(const char *answer, const char *location)
{
    assert_answer(answer, 303, location);
    assert_answer(answer, 303, "\r\nSet-Cookie: restarter=; Max-Age=0;");
    assert_answer(answer, 303, "\r\nSet-Cookie: __Host-restarter=; Max-Age=0;");
}

static void test_here(void **state)
{
    struct login_world *world = *state;

    assert_left(login_world_ask_as(world, HERE, world->ticket), "\r\nLocation: /login?said=signed-out\r\n");
    assert_string_equal(world->web->method, "restarter.sign_out");
    assert_string_equal(world->web->ticket, world->ticket);
}

/* The page after it has the browser forget those before it. */
static void test_forgotten(void **state)
{
    struct login_world *world = *state;

    assert_answer(web_ask(world->web, WEB_GET_WITH("/login?said=signed-out", ACCEPT_HTML)), 200,
                  "href=\"/signed-out.css\"");
    assert_lacks(web_ask(world->web, WEB_GET_WITH("/login", ACCEPT_HTML)), "signed-out.css");
    assert_answer(web_ask(world->web, WEB_GET_WITH("/signed-out.css", "")), 200,
                  "\r\nClear-Site-Data: \"cache\"\r\n");
}

static void test_everywhere(void **state)
{
    struct login_world *world = *state;

    assert_left(login_world_ask_as(world, EVERYWHERE, world->ticket),
                "\r\nLocation: /login?said=everywhere\r\n");
    assert_string_equal(world->web->method, "restarter.sign_out_everywhere");
}

/* What was fetched a moment ago is not shown any more. */
static void test_nothing_is_kept(void **state)
{
    struct login_world *world = *state;

    assert_answer(login_world_ask_as(world, WEB_GET_WITH("/", ACCEPT_HTML), world->ticket), 200, "anna");
    (void)login_world_ask_as(world, HERE, world->ticket);
    world->web->signed_out = world->ticket;
    assert_answer(login_world_ask_as(world, WEB_GET_WITH("/", ACCEPT_HTML), world->ticket), 303,
                  "/login?said=ended");
}

/* Then the ticket was worth nothing before. */
static void test_ended_before(void **state)
{
    struct login_world *world = *state;

    world->web->signed_out = world->ticket;
    assert_left(login_world_ask_as(world, HERE, world->ticket), "\r\nLocation: /login?said=signed-out\r\n");
}

static void test_broker_is_not_there(void **state)
{
    struct login_world *world = *state;

    web_stop_broker(world->web);
    assert_left(login_world_ask_as(world, HERE, world->ticket), "\r\nLocation: /login?said=not-voided\r\n");
    assert_left(login_world_ask_as(world, EVERYWHERE, world->ticket),
                "\r\nLocation: /login?said=not-voided\r\n");
    assert_answer(web_ask(world->web, WEB_GET_WITH("/login?said=not-voided", ACCEPT_HTML)), 200,
                  "The login itself could not be ended");
}

static void test_broker_babbles(void **state)
{
    struct login_world *world = *state;

    world->web->mode = BROKER_BABBLES;
    assert_left(login_world_ask_as(world, HERE, world->ticket), "\r\nLocation: /login?said=not-voided\r\n");
}

/* Not by an image, a link, another site's page, or a form that is none. */
static void test_not_by_others(void **state)
{
    struct login_world *world = *state;

    assert_answer(login_world_ask_as(world, WEB_GET_WITH("/logout", ""), world->ticket), 405,
                  "\r\nAllow: POST\r\n");
    assert_answer(
        login_world_ask_as(world, POST_LOGOUT("Origin: http://evil.example\r\n", "0", ""), world->ticket),
        403, "another site");
    assert_answer(
        login_world_ask_as(world, POST_LOGOUT("Sec-Fetch-Site: cross-site\r\n", "0", ""), world->ticket), 403,
        "another site");
    assert_answer(login_world_ask_as(world, POST_LOGOUT("", "3", "a=b"), world->ticket), 400,
                  "everywhere=yes");
    assert_int_equal(world->web->others, 0);
}

static void test_nobody(void **state)
{
    struct login_world *world = *state;

    assert_left(web_ask(world->web, HERE), "\r\nLocation: /login?said=signed-out\r\n");
    assert_int_equal(world->web->others, 0);
}

/* Neither is ended, and neither is taken away: that would leave the other one (test-web-session.c). */
static void test_two_cookies(void **state)
{
    struct login_world *world = *state;
    const char *answer = web_ask(world->web, login_world_with(HERE, "Cookie: restarter=a; restarter=b"));

    assert_answer(answer, 303, "\r\nLocation: /login?said=two-cookies\r\n");
    assert_lacks(answer, "Set-Cookie");
    assert_int_equal(world->web->others, 0);
}

/* --- going on --- */

static const struct due_case {
    uint64_t issued, expires, now;
    unsigned idle_sec;
    bool due;
} DUE[] = {
    { 1000, 2000, 1000, 1000, false },  { 1000, 2000, 1249, 1000, false },
    { 1000, 2000, 1250, 1000, false },  { 1000, 2000, 1251, 1000, true },
    { 1000, 2000, 1999, 1000, true },   { 1000, 2000, 2000, 1000, false },
    { 1000, 2000, 1999, 0, false },     { 1000, 11000, 10999, 1000, false }, /* its absolute end */
    { 1000, 10999, 10500, 1000, true },
};

static void test_due(_unused_ void **state)
{
    struct web_settings settings;
    char ticket[TICKET_SIZE];

    web_settings_default(&settings);
    settings.lifetime_sec = 10000;
    for (size_t i = 0; i < sizeof(DUE) / sizeof(*DUE); i++) {
        settings.idle_sec = DUE[i].idle_sec;
        login_world_ticket_at("anna", DUE[i].issued, DUE[i].expires, ticket);
        if (session_is_due(ticket, &settings, DUE[i].now) != DUE[i].due)
            fail_msg("case %zu", i);
    }
    assert_false(session_is_due("1.x.y", &settings, 1));
}

/* Anna's, half of whose idle time is over. */
static void grow_old(struct login_world *world)
{
    uint64_t now = (uint64_t)time(NULL);

    login_world_ticket_at("anna", now - 3600, now + 3600, world->ticket);
}

static void assert_renewed(const char *answer, const char *name, const char *ticket)
{
    char line[TICKET_SIZE + 64];

    (void)snprintf(line, sizeof(line), "\r\nSet-Cookie: %s=%s; Max-Age=7", name, ticket);
    assert_answer(answer, 200, line);
}

static void test_renewed(void **state)
{
    struct login_world *world = *state;
    char fresh[TICKET_SIZE], cookie[TICKET_SIZE + 64];
    const char *answer;

    grow_old(world);
    login_world_ticket("anna", fresh);
    world->web->renewed = fresh;
    answer = login_world_ask_as(world, WEB_GET_WITH("/", ACCEPT_HTML), world->ticket);
    assert_renewed(answer, "restarter", fresh);
    assert_answer(answer, 200, "<bdi>anna</bdi>");
    assert_answer(answer, 200, "value=\"page-");
    assert_string_equal(world->web->ticket, fresh);
    assert_int_equal(world->web->others, 1);
    /* A guarded one stays one, whatever the proxy says of the wire. */
    (void)snprintf(cookie, sizeof(cookie), "Cookie: __Host-restarter=%s", world->ticket);
    assert_renewed(web_ask(world->web, login_world_with(WEB_GET_WITH("/", ACCEPT_HTML), cookie)),
                   "__Host-restarter", fresh);
    /* Which is not due. */
    assert_lacks(login_world_ask_as(world, WEB_GET_WITH("/", ACCEPT_HTML), fresh), "Set-Cookie");
    assert_int_equal(world->web->others, 2);
}

/* A press waits for nothing. */
static void test_not_renewed_by_a_press(void **state)
{
    struct login_world *world = *state;

    grow_old(world);
    world->web->renewed = "x";
    assert_lacks(login_world_ask_as(world, WEB_POST(ACCEPT_HTML), world->ticket), "Set-Cookie");
    assert_lacks(login_world_ask_as(world, WEB_GET_WITH("/api/instances", ""), world->ticket), "Set-Cookie");
    assert_int_equal(world->web->others, 0);
}

/* What cannot be renewed is as good as it was. */
static void test_cannot_be_renewed(void **state)
{
    static const char *const ANSWERS[] = { NULL, "", "no ticket's letters", "1.x\r\nSet-Cookie: a=b" };
    struct login_world *world = *state;

    grow_old(world);
    for (size_t i = 0; i < sizeof(ANSWERS) / sizeof(*ANSWERS); i++) {
        const char *answer;

        world->web->renewed = ANSWERS[i];
        answer = login_world_ask_as(world, WEB_GET_WITH("/", ACCEPT_HTML), world->ticket);
        assert_answer(answer, 200, "<bdi>anna</bdi>");
        assert_lacks(answer, "Set-Cookie");
        assert_string_equal(world->web->ticket, world->ticket);
    }
}

/* One that has ended is led to the login, renewed or not. */
static void test_ended_is_not_renewed(void **state)
{
    struct login_world *world = *state;

    grow_old(world);
    world->web->signed_out = world->ticket;
    assert_answer(login_world_ask_as(world, WEB_GET_WITH("/", ACCEPT_HTML), world->ticket), 303,
                  "/login?said=ended");
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, login_world_setup, login_world_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_here),
        TEST(test_forgotten),
        TEST(test_everywhere),
        TEST(test_nothing_is_kept),
        TEST(test_ended_before),
        TEST(test_broker_is_not_there),
        TEST(test_broker_babbles),
        TEST(test_not_by_others),
        TEST(test_nobody),
        TEST(test_two_cookies),
        cmocka_unit_test(test_due),
        TEST(test_renewed),
        TEST(test_not_renewed_by_a_press),
        TEST(test_cannot_be_renewed),
        TEST(test_ended_is_not_renewed),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
