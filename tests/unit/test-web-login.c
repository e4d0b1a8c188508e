/* Logging in by way of the page: a ticket of the login's in a cookie for a right password, and nothing for
 * anything else. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "common/cleanup.h"
#include "tests/unit/login-world.h"
#include "tests/unit/test.h"

#define ANNA "user=anna&password=secret"

static int setup_cleartext(void **state)
{
    return login_world_setup_with(state, "[Web]\nLogin=password\nCleartextPasswords=yes\n");
}

static int setup_none(void **state)
{
    return login_world_setup_with(state, "[Web]\nLogin=none\n");
}

static void assert_let_in(struct login_world *world, const char *answer, const char *location)
{
    char line[TICKET_SIZE + 64];

    (void)snprintf(line, sizeof(line), "\r\nLocation: %s\r\n", location);
    assert_answer(answer, 303, line);
    (void)snprintf(line, sizeof(line), "\r\nSet-Cookie: restarter=%s; Max-Age=7", world->ticket);
    assert_answer(answer, 303, line);
    assert_answer(answer, 303, "; Path=/; HttpOnly; SameSite=Strict\r\n");
    assert_lacks(answer, "secret");
}

static void test_form(void **state)
{
    struct login_world *world = *state;
    const char *answer =
        web_ask(world->web, WEB_GET_WITH("/login?next=/api/instances&said=signed-out", ACCEPT_HTML));

    assert_answer(answer, 200, "\r\nCache-Control: no-store\r\n");
    assert_answer(answer, 200, "name=\"next\" value=\"/api/instances\"");
    assert_answer(answer, 200, "You are signed out.");
    assert_answer(answer, 200, "autocomplete=\"username\"");
    assert_answer(answer, 200, "autocomplete=\"current-password\"");
    assert_answer(answer, 200, "<label for=\"password\">");
    assert_lacks(answer, "aria-invalid");
    assert_lacks(answer, "<script");
    assert_answer(web_ask(world->web, WEB_GET_WITH("/login?next=//evil.example", ACCEPT_HTML)), 200,
                  "name=\"next\" value=\"/\"");
    assert_answer(web_ask(world->web, WEB_GET_WITH("/login?next=%22%3E%3Cscript%3E", ACCEPT_HTML)), 200,
                  "name=\"next\" value=\"/\"");
}

static void test_right(void **state)
{
    struct login_world *world = *state;
    const char *answer;

    assert_let_in(world, login_world_post(world, ACCEPT_HTML, ANNA), "/");
    assert_string_equal(world->login.question, "4:anna,6:secret,");
    assert_let_in(world, login_world_post(world, ACCEPT_HTML, ANNA "&next=%2Fapi%2Finstance"),
                  "/api/instance");
    assert_let_in(world, login_world_post(world, ACCEPT_HTML, ANNA "&next=//evil.example/x"), "/");
    answer = login_world_ask_as(world, WEB_GET_WITH("/", ACCEPT_HTML), world->ticket);
    assert_answer(answer, 200, "Signed in as <bdi>anna</bdi>");
    assert_answer(answer, 200, "\r\nCache-Control: no-store\r\n");
    assert_answer(answer, 200, "\r\nVary: Accept, Accept-Language, Authorization, Cookie\r\n");
    assert_string_equal(world->web->ticket, world->ticket);
    assert_answer(login_world_ask_as(world, WEB_POST(""), world->ticket), 200, "It was restarted.");
    assert_string_equal(world->web->ticket, world->ticket);
}

/* Where TLS vouches, no cookie of another name counts. */
static void test_over_tls(void **state)
{
    struct login_world *world = *state;
    char cookie[TICKET_SIZE + 64];
    const char *answer = login_world_post(world, ACCEPT_HTML "X-Forwarded-Proto: https\r\n", ANNA);

    (void)snprintf(cookie, sizeof(cookie), "\r\nSet-Cookie: __Host-restarter=%s; ", world->ticket);
    assert_answer(answer, 303, cookie);
    assert_answer(answer, 303, "; SameSite=Strict; Secure\r\n");
    (void)snprintf(cookie, sizeof(cookie), "Cookie: __Host-restarter=%s", world->ticket);
    assert_answer(
        web_ask(world->web,
                login_world_with(WEB_GET_WITH("/", ACCEPT_HTML "X-Forwarded-Proto: https\r\n"), cookie)),
        200, "<bdi>anna</bdi>");
    assert_answer(login_world_ask_as(world, WEB_GET_WITH("/", ACCEPT_HTML "X-Forwarded-Proto: https\r\n"),
                                     world->ticket),
                  303, "/login");
}

/* Whatever a browser brings along, it goes on with the ticket of this login. */
static void test_no_fixation(void **state)
{
    struct login_world *world = *state;
    char other[TICKET_SIZE], cookie[TICKET_SIZE + 64];

    login_world_ticket("mallory", other);
    (void)snprintf(cookie, sizeof(cookie), ACCEPT_HTML "Cookie: restarter=%s\r\n", other);
    assert_let_in(world, login_world_post(world, cookie, ANNA), "/");
}

static const struct refused_case {
    const char *said; /* by the login */
    unsigned status;
    const char *part;
} REFUSED[] = {
    { "wrong\n", 403, "the user name or the password is wrong." },
    { "later 30\n", 429, "\r\nRetry-After: 30\r\n" },
    { "later 30\n", 429, "Try again in 30 seconds." },
    { "unavailable\n", 503, "journalctl -t restarter-login" },
    { "malformed\n", 503, "logins are not available" },
    { "ticket x\n", 503, "logins are not available" },
    { "ticket 1.x.0123456789012345678901234567890123456789012\n", 503, "logins are not available" },
    { "yes\n", 503, "logins are not available" },
};

static void assert_refused(struct login_world *world, const struct refused_case *refused)
{
    const char *answer;

    world->login.answer = refused->said;
    answer = login_world_post(world, ACCEPT_HTML, "user=%3Cb%3Eanna%22&password=s3cr3t&next=%2Fapi%2Fx");
    assert_answer(answer, refused->status, refused->part);
    assert_answer(answer, refused->status, "You are not logged in: ");
    assert_answer(answer, refused->status, "value=\"&lt;b&gt;anna&quot;\"");
    assert_answer(answer, refused->status, "value=\"/api/x\"");
    assert_answer(answer, refused->status, "aria-describedby=\"wrong\"");
    assert_answer(answer, refused->status, "id=\"wrong\"");
    assert_lacks(answer, "s3cr3t");
    assert_lacks(answer, "Set-Cookie");
    assert_lacks(answer, "WWW-Authenticate");
}

/* A world for each, since "later" is remembered. */
static void test_refused(_unused_ void **state)
{
    for (size_t i = 0; i < sizeof(REFUSED) / sizeof(*REFUSED); i++) {
        void *world = NULL;

        (void)login_world_setup(&world);
        assert_refused(world, &REFUSED[i]);
        (void)login_world_teardown(&world);
    }
}

/* In the page's language; what is said in English only says so. */
static void test_refused_in_german(void **state)
{
    static const char GERMAN[] = ACCEPT_HTML "Accept-Language: de\r\n";
    struct login_world *world = *state;
    const char *answer;

    world->login.answer = "wrong\n";
    answer = login_world_post(world, GERMAN, ANNA);
    assert_answer(answer, 403, "role=\"alert\">Nicht angemeldet: Benutzername oder Passwort ist falsch.</p>");
    answer = login_world_post(world, GERMAN, "user=");
    assert_answer(answer, 400, "role=\"alert\" lang=\"en\">You are not logged in: ");
    world->login.answer = "later 1\n";
    answer = login_world_post(world, GERMAN, ANNA);
    assert_answer(answer, 429, "Bitte in 1 Sekunde noch einmal versuchen.</p>");
}

/* A program is told in a line. */
static void test_refused_program(void **state)
{
    struct login_world *world = *state;

    world->login.answer = "wrong\n";
    assert_answer(login_world_post(world, "", ANNA), 403,
                  "\r\n\r\nYou are not logged in: the user name or the password is wrong.\n");
}

static const struct unasked_case {
    const char *headers, *body;
    unsigned status;
    const char *part;
} UNASKED[] = {
    { ACCEPT_HTML "Origin: http://evil.example\r\n", ANNA, 403, "another site" },
    { ACCEPT_HTML "Origin: null\r\n", ANNA, 403, "another site" },
    { ACCEPT_HTML "Sec-Fetch-Site: cross-site\r\n", ANNA, 403, "another site" },
    { ACCEPT_HTML "Sec-Fetch-Site: same-site\r\n", ANNA, 403, "another site" },
    { ACCEPT_HTML "X-Forwarded-Proto: http\r\n", ANNA, 403, "without TLS" },
    { ACCEPT_HTML "X-Forwarded-Proto: https\r\nX-Forwarded-Proto: http\r\n", ANNA, 403, "without TLS" },
    { ACCEPT_HTML "X-Forwarded-For: 192.0.2.7\r\n", ANNA, 403, "X-Forwarded-Proto" },
    { ACCEPT_HTML "Content-Type: text/plain\r\n", ANNA, 400, "You are not logged in" },
    { ACCEPT_HTML, "", 400, "type your user name" },
    { ACCEPT_HTML, "user=anna&password", 400, "You are not logged in" },
    { ACCEPT_HTML, "user=anna", 400, "type your password" },
    { ACCEPT_HTML, "user=&password=s3cr3t", 400, "type your user name" },
    { ACCEPT_HTML, "user=anna&password=s3cr3t&x=y", 400, "another field" },
};

static void test_not_asked(void **state)
{
    struct login_world *world = *state;

    for (size_t i = 0; i < sizeof(UNASKED) / sizeof(*UNASKED); i++) {
        const char *answer = login_world_post(world, UNASKED[i].headers, UNASKED[i].body);

        assert_answer(answer, UNASKED[i].status, UNASKED[i].part);
        assert_lacks(answer, "Set-Cookie");
        assert_lacks(answer, "s3cr3t");
    }
    assert_int_equal(world->login.asked, 0);
}

/* Where no password may be sent, none is asked for. */
static void test_cleartext_has_no_form(void **state)
{
    struct login_world *world = *state;
    const char *answer =
        web_ask(world->web, WEB_GET_WITH("/login", ACCEPT_HTML "X-Forwarded-Proto: http\r\n"));

    assert_answer(answer, 200, "Open it by its https:// address.");
    assert_lacks(answer, "<form");
    /* A proxy that says nothing: the page's own address will tell. */
    assert_answer(web_ask(world->web, WEB_GET_WITH("/login", ACCEPT_HTML "X-Forwarded-For: 192.0.2.7\r\n")),
                  200, "<form");
}

static void test_cleartext_allowed(void **state)
{
    struct login_world *world = *state;

    assert_let_in(world, login_world_post(world, ACCEPT_HTML "X-Forwarded-Proto: http\r\n", ANNA), "/");
    assert_answer(web_ask(world->web, WEB_GET_WITH("/login", ACCEPT_HTML "X-Forwarded-Proto: http\r\n")), 200,
                  "<form");
}

/* Who leaves while the login is at it leaves nothing behind. */
static void test_gone(void **state)
{
    struct login_world *world = *state;
    struct web *web = world->web;
    int fd;

    world->login.hangs = true;
    fd = web_send(web, "POST /login HTTP/1.1\r\n" WEB_HOST
                       "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 25\r\n\r\n" ANNA);
    for (int i = 0; i < 2000 && world->login.asked == 0; i++)
        web_run(web, 1);
    (void)close(fd);
    for (int i = 0; i < 2000 && webfront_pending(web->front) > 0; i++)
        web_run(web, 1);
    assert_int_equal(webfront_pending(web->front), 0);
    fake_login_hang_up(&world->login);
    world->login.hangs = false;
    assert_let_in(world, login_world_post(world, ACCEPT_HTML, ANNA), "/");
}

static void test_none(void **state)
{
    struct login_world *world = *state;
    const char *answer = login_world_ask_as(world, WEB_GET_WITH("/", ACCEPT_HTML), world->ticket);

    assert_answer(answer, 200, "example@1234.service");
    assert_lacks(answer, "Signed in");
    assert_string_equal(world->web->ticket, "");
    assert_answer(web_ask(world->web, WEB_GET_WITH("/login?next=/api/instances", ACCEPT_HTML)), 303,
                  "\r\nLocation: /api/instances\r\n");
    assert_answer(login_world_post(world, ACCEPT_HTML, ANNA), 303, "\r\nLocation: /\r\n");
    assert_int_equal(world->login.asked, 0);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, login_world_setup, login_world_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_form),
        TEST(test_right),
        TEST(test_over_tls),
        TEST(test_no_fixation),
        cmocka_unit_test(test_refused),
        TEST(test_refused_in_german),
        TEST(test_refused_program),
        TEST(test_not_asked),
        TEST(test_cleartext_has_no_form),
        cmocka_unit_test_setup_teardown(test_cleartext_allowed, setup_cleartext, login_world_teardown),
        TEST(test_gone),
        cmocka_unit_test_setup_teardown(test_none, setup_none, login_world_teardown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
