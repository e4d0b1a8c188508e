/* Programs that log in with each request, by HTTP Basic: a right password gets a ticket, which the broker is
 * told and which is kept for a while; whatever else they send gets nothing; and no browser is asked. */
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "tests/unit/login-world.h"
#include "tests/unit/test.h"

#define ANNA "Authorization: Basic YW5uYTpzZWNyZXQ="  /* anna:secret */
#define GUESS "Authorization: Basic YW5uYTpndWVzcw==" /* anna:guess */
#define CHALLENGE "\r\nWWW-Authenticate: Basic realm=\"restarter\", charset=\"UTF-8\"\r\n"
#define LIST WEB_GET("/api/instances")
#define CLICK WEB_POST("")
#define CALL(method, length)                                                                                 \
    "POST /RPC2 HTTP/1.1\r\n" WEB_HOST "Content-Type: text/xml\r\nContent-Length: " length "\r\n\r\n"        \
    "<methodCall><methodName>" method "</methodName><params>" WEB_ID_PARAM "</params></methodCall>"
#define RESTART CALL("restarter.restart", "139")
#define STATUS CALL("restarter.status", "138")
#define PLAIN CALL("restart_unit", "134")

static char *ask(struct login_world *world, const char *request, const char *header)
{
    return web_ask(world->web, login_world_with(request, header));
}

/* Each way in which a program asks for something. */
static const char *const REQUESTS[] = { LIST, CLICK, RESTART, STATUS, PLAIN };
enum { N_REQUESTS = sizeof(REQUESTS) / sizeof(*REQUESTS) };

static void test_right_password(void **state)
{
    struct login_world *world = *state;

    for (size_t i = 0; i < N_REQUESTS; i++) {
        world->web->ticket[0] = '\0';
        assert_answer(ask(world, REQUESTS[i], ANNA), 200, "");
        assert_string_equal(world->web->ticket, world->ticket);
    }
    assert_string_equal(world->login.question, "4:anna,6:secret,");
    assert_int_equal(world->login.asked, 1); /* and kept */
    assert_int_equal(world->web->restarts, 3);
}

static void test_wrong_password(void **state)
{
    struct login_world *world = *state;

    world->login.answer = "wrong\n";
    for (size_t i = 0; i < N_REQUESTS; i++) {
        char *answer = ask(world, REQUESTS[i], GUESS);

        assert_answer(answer, 401, CHALLENGE);
        assert_answer(answer, 401, "the user name or the password is wrong");
        assert_int_equal(world->login.asked, i + 1); /* none of them is kept */
    }
    assert_int_equal(world->web->restarts + world->web->lists + world->web->others, 0);
}

static void test_no_password(void **state)
{
    struct login_world *world = *state;

    for (size_t i = 0; i < N_REQUESTS; i++) {
        assert_answer(web_ask(world->web, REQUESTS[i]), 401, CHALLENGE);
        assert_answer(ask(world, REQUESTS[i], "Authorization: Bearer abc"), 401, CHALLENGE);
    }
    assert_int_equal(world->login.asked + world->web->restarts + world->web->lists, 0);
}

static void test_malformed(void **state)
{
    static const char *const HEADERS[] = {
        "Authorization: Basic YW5uYTpzZWNyZXQ", "Authorization: Basic anna:secret",
        "Authorization: Basic YTpiCg==",        ANNA "\r\n" ANNA,
        ANNA "\r\nAuthorization: Bearer abc",   GUESS "\r\n" ANNA,
    };
    struct login_world *world = *state;

    for (size_t i = 0; i < sizeof(HEADERS) / sizeof(*HEADERS); i++)
        assert_answer(ask(world, CLICK, HEADERS[i]), 400, "Nothing was done: the");
    assert_int_equal(world->login.asked + world->web->restarts, 0);
}

static void test_later_busy_unavailable(void **state)
{
    struct login_world *world = *state;
    char *answer;

    world->login.answer = "later 12\n";
    answer = ask(world, CLICK, ANNA);
    assert_answer(answer, 429, "\r\nRetry-After: 12\r\n");
    assert_answer(answer, 429, "Try again in 12 seconds.");
    world->login.answer = "later 1\n";
    assert_answer(ask(world, RESTART, ANNA), 429, "\r\nRetry-After: 1\r\n");
    world->login.answer = "unavailable\n";
    answer = ask(world, CLICK, ANNA);
    assert_answer(answer, 503, "\r\nRetry-After: 5\r\n");
    assert_answer(answer, 503, "journalctl -t restarter-login");
    world->login.answer = "ticket 1.a b\n";
    assert_answer(ask(world, CLICK, ANNA), 503, "the login does not answer");
    assert_int_equal(world->web->restarts, 0);
}

/* Whoever guesses, from the same place, has the kept one forgotten: so each guess goes to the login. */
static void test_guess_beside(void **state)
{
    struct login_world *world = *state;

    assert_answer(ask(world, LIST, ANNA), 200, "");
    assert_answer(ask(world, LIST, ANNA), 200, "");
    assert_int_equal(world->login.asked, 1);
    world->login.answer = "wrong\n";
    assert_answer(ask(world, LIST, GUESS), 401, CHALLENGE);
    assert_int_equal(world->login.asked, 2);
    world->login.answer = world->answer;
    assert_answer(ask(world, LIST, ANNA), 200, "");
    assert_int_equal(world->login.asked, 3);
}

/* The broker does not take a kept one any more: the login is asked once more, and the program sees nothing of
 * it. When the broker does not take the new one either, that is the end. */
static void test_kept_one_is_refused(void **state)
{
    struct login_world *world = *state;
    uint64_t now = (uint64_t)time(NULL);
    char first[TICKET_SIZE];

    for (size_t i = 0; i < N_REQUESTS; i++) {
        (void)stpcpy(first, world->ticket);
        world->web->signed_out = NULL;
        world->login.asked = 0;
        assert_answer(ask(world, LIST, ANNA), 200, "");
        world->web->signed_out = first;
        login_world_ticket_at("anna", now - 1 - i, now + 7200, world->ticket);
        (void)snprintf(world->answer, sizeof(world->answer), "ticket %s\n", world->ticket);
        web_run(world->web, 300); /* longer than a list is kept */
        assert_answer(ask(world, REQUESTS[i], ANNA), 200, "");
        assert_string_equal(world->web->ticket, world->ticket);
        assert_int_equal(world->login.asked, 2);
        (void)ask(world, LIST, GUESS); /* forgotten */
    }
}

static void test_all_are_refused(void **state)
{
    struct login_world *world = *state;

    world->web->signed_out = world->ticket;
    for (size_t i = 0; i < N_REQUESTS; i++) {
        world->login.asked = 0;
        assert_answer(ask(world, REQUESTS[i], ANNA), 401, CHALLENGE);
        assert_int_equal(world->login.asked, 2);
    }
}

/* A browser that sends a password of that kind is not listened to, and never asked for one. */
static void test_browsers(void **state)
{
    static const char *const SURE[] = { "Sec-Fetch-Site: same-origin", "Sec-Fetch-Dest: empty",
                                        "Sec-Fetch-User: ?1", "Origin: http://127.0.0.1" };
    static const char *const LIKELY[] = { "Accept-Language: de",        "Cookie: a=b",
                                          "Referer: http://127.0.0.1/", "Sec-Fetch-Mode: cors",
                                          "Accept: text/html, */*",     "Upgrade-Insecure-Requests: 1" };
    struct login_world *world = *state;

    for (size_t i = 0; i < sizeof(SURE) / sizeof(*SURE); i++) {
        char headers[256];
        char *answer;

        (void)snprintf(headers, sizeof(headers), "%s\r\n" ANNA, SURE[i]);
        answer = ask(world, CLICK, headers);
        assert_answer(answer, 401, "");
        assert_lacks(answer, "WWW-Authenticate");
    }
    assert_int_equal(world->login.asked, 0);
    for (size_t i = 0; i < sizeof(LIKELY) / sizeof(*LIKELY); i++)
        assert_lacks(ask(world, CLICK, LIKELY[i]), "WWW-Authenticate");
    /* A program may say such a thing, and be listened to all the same. */
    assert_answer(ask(world, CLICK, "Sec-Fetch-Mode: cors\r\nAccept-Language: *\r\n" ANNA), 200, "true");
    /* The page is for people, who have a login page. */
    assert_answer(ask(world, WEB_GET("/"), ANNA), 303, "\r\nLocation: /login");
}

/* From another machine in the clear, as far as a proxy says: refused, unless the wire is said to be safe. */
static void test_cleartext(void **state)
{
    struct login_world *world = *state;

    assert_answer(ask(world, CLICK, "X-Forwarded-Proto: http\r\n" ANNA), 403, "without TLS");
    assert_int_equal(world->login.asked, 0);
    assert_answer(ask(world, CLICK, "X-Forwarded-Proto: https\r\n" ANNA), 200, "true");
}

static int setup_cleartext(void **state)
{
    return login_world_setup_with(state, "[Web]\nLogin=password\nCleartextPasswords=yes\n");
}

static void test_cleartext_allowed(void **state)
{
    assert_answer(ask(*state, CLICK, "X-Forwarded-Proto: http\r\n" ANNA), 200, "true");
}

static int setup_none(void **state)
{
    return login_world_setup_with(state, "[Web]\nLogin=none\n");
}

/* Where nobody has to log in, nobody is asked, whatever a program sends. */
static void test_no_login(void **state)
{
    struct login_world *world = *state;

    assert_answer(ask(world, CLICK, ANNA), 200, "true");
    assert_answer(ask(world, CLICK, "Authorization: Basic nonsense"), 200, "true");
    assert_string_equal(world->web->ticket, "");
    assert_int_equal(world->login.asked, 0);
}

/* Who leaves while the login is at it leaves nothing behind. */
static void test_who_leaves(void **state)
{
    struct login_world *world = *state;
    int fd;

    world->login.hangs = true;
    fd = web_send(world->web, login_world_with(CLICK, ANNA));
    web_run(world->web, 50);
    assert_int_equal(world->login.asked, 1);
    (void)close(fd);
    for (int i = 0; i < 10000 && webfront_pending(world->web->front) > 0; i++)
        web_run(world->web, 1);
    assert_int_equal(webfront_pending(world->web->front), 0);
    fake_login_hang_up(&world->login);
    web_run(world->web, 50);
    assert_int_equal(world->web->restarts, 0);
}

/* And a web front that ends tells whoever waits. */
static void test_stop(void **state)
{
    struct login_world *world = *state;
    int fd;

    world->login.hangs = true;
    fd = web_send(world->web, login_world_with(CLICK, ANNA));
    web_run(world->web, 50);
    webfront_stop(world->web->front);
    assert_answer(web_receive(world->web, fd), 503, "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_right_password, login_world_setup, login_world_teardown),
        cmocka_unit_test_setup_teardown(test_wrong_password, login_world_setup, login_world_teardown),
        cmocka_unit_test_setup_teardown(test_no_password, login_world_setup, login_world_teardown),
        cmocka_unit_test_setup_teardown(test_malformed, login_world_setup, login_world_teardown),
        cmocka_unit_test_setup_teardown(test_later_busy_unavailable, login_world_setup, login_world_teardown),
        cmocka_unit_test_setup_teardown(test_guess_beside, login_world_setup, login_world_teardown),
        cmocka_unit_test_setup_teardown(test_kept_one_is_refused, login_world_setup, login_world_teardown),
        cmocka_unit_test_setup_teardown(test_all_are_refused, login_world_setup, login_world_teardown),
        cmocka_unit_test_setup_teardown(test_browsers, login_world_setup, login_world_teardown),
        cmocka_unit_test_setup_teardown(test_cleartext, login_world_setup, login_world_teardown),
        cmocka_unit_test_setup_teardown(test_cleartext_allowed, setup_cleartext, login_world_teardown),
        cmocka_unit_test_setup_teardown(test_no_login, setup_none, login_world_teardown),
        cmocka_unit_test_setup_teardown(test_who_leaves, login_world_setup, login_world_teardown),
        cmocka_unit_test_setup_teardown(test_stop, login_world_setup, login_world_teardown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
