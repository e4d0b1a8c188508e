/* Who presses, at another machine: a name goes there only when the broker of this machine has said that it is
 * true, and no ticket ever does. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/unit/far-world.h"
#include "tests/unit/held-clock.h"
#include "tests/unit/login-world.h"
#include "tests/unit/test.h"
#include "webfront/calls/names.h"

#define CLICK                                                                                                \
    "POST /restart HTTP/1.1\r\n" WEB_HOST "Content-Type: application/x-www-form-urlencoded\r\n"              \
    "Content-Length: 28\r\n\r\nservice_id=1234&machine=web1"

static const struct wire_answer ANNA = { .kind = WIRE_ALLOWED, .allowed = { .user = "anna" } },
                                BERT = { .kind = WIRE_ALLOWED, .allowed = { .user = "bert" } },
                                NOBODY = { .kind = WIRE_ALLOWED, .allowed = { .user = "" } };

struct named {
    struct login_world *logins;
    struct far_world *fars;
};

static int setup(void **state)
{
    struct named *named = calloc(1, sizeof(*named));
    void *logins = NULL;

    far_world_prepare(1);
    assert_int_equal(login_world_setup(&logins), 0);
    named->logins = logins;
    named->fars = far_world_new(named->logins->web);
    named->logins->web->answers[WIRE_METHOD_ALLOWED] = &ANNA;
    named->logins->web->wants_login = true;
    *state = named;
    return 0;
}

static int teardown(void **state)
{
    struct named *named = *state;
    void *logins = named->logins;

    far_world_free(named->fars);
    far_world_prepare(0);
    free(named);
    return login_world_teardown(&logins);
}

static const char *click(struct named *named)
{
    return login_world_ask_as(named->logins, CLICK, named->logins->ticket);
}

static void test_named(void **state)
{
    struct named *named = *state;
    const struct web *far = &named->fars->far[0];

    assert_answer(click(named), 200, "It was restarted.");
    assert_int_equal(far->restarts, 1);
    assert_string_equal(far->user, "anna");
    assert_string_equal(far->ticket, "");
    assert_string_equal(far->client, "local");
    assert_string_equal(named->logins->web->ticket, named->logins->ticket);
}

/* The broker says somebody else, nobody, nonsense, or nothing at all. */
static void test_not_confirmed(void **state)
{
    static const struct wire_answer *const ANSWERS[] = { &BERT, &NOBODY, NULL };
    struct named *named = *state;

    for (size_t i = 0; i < sizeof(ANSWERS) / sizeof(*ANSWERS); i++) {
        named->logins->web->answers[WIRE_METHOD_ALLOWED] = ANSWERS[i];
        assert_answer(click(named), 503, "Nothing was restarted");
    }
    web_stop_broker(named->logins->web);
    assert_answer(click(named), 503, "Nothing was restarted");
    assert_int_equal(named->fars->far[0].restarts, 0);
    web_start_broker(named->logins->web);
}

/* What was confirmed is believed for some seconds, and no longer. */
static void test_signed_out(void **state)
{
    struct named *named = *state;
    const struct web *far = &named->fars->far[0];

    assert_answer(click(named), 200, "It was restarted.");
    named->logins->web->signed_out = named->logins->ticket;
    clock_advance(NAMES_FRESH_USEC);
    assert_answer(click(named), 401, "");
    assert_int_equal(far->restarts, 1);
}

static const char *ask_as_him(struct named *named, const char *request)
{
    return login_world_ask_as(named->logins, request, named->logins->ticket);
}

static void sign_out_here(struct named *named)
{
    assert_answer(ask_as_him(named, "POST /logout HTTP/1.1\r\n" WEB_HOST
                                    "Content-Type: application/x-www-form-urlencoded\r\n"
                                    "Content-Length: 0\r\n\r\n"),
                  303, "");
    named->logins->web->signed_out = named->logins->ticket;
}

/* Here he signs out: then not even for those. */
static void test_signed_out_here(void **state)
{
    struct named *named = *state;

    assert_answer(click(named), 200, "It was restarted.");
    sign_out_here(named);
    assert_answer(click(named), 401, "");
    assert_int_equal(named->fars->far[0].restarts, 1);
}

/* Nor is he shown what was kept of a machine's list for a moment. */
static void test_list_of_who_signed_out(void **state)
{
    static const char LIST[] = WEB_GET("/machines/web1/api/instances");
    struct named *named = *state;

    assert_answer(ask_as_him(named, LIST), 200, "instances");
    assert_answer(ask_as_him(named, LIST), 200, "instances");
    assert_int_equal(named->fars->far[0].lists, 1);
    sign_out_here(named);
    assert_answer(ask_as_him(named, LIST), 401, "");
    assert_int_equal(named->fars->far[0].lists, 1);
}

static void test_nobody_logged_in(void **state)
{
    struct named *named = *state;

    assert_answer(web_ask(named->logins->web, CLICK), 401, "Nothing was done: nobody is logged in.");
    assert_answer(web_ask(named->logins->web, WEB_GET("/machines/web1/api/instances")), 401, "");
    assert_int_equal(named->fars->far[0].restarts + named->fars->far[0].lists, 0);
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_named),           TEST(test_not_confirmed),          TEST(test_signed_out),
        TEST(test_signed_out_here), TEST(test_list_of_who_signed_out), TEST(test_nobody_logged_in),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
