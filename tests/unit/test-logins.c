/* Questions to a login that answers well, badly, slowly or not at all: what is said by it counts to the
 * letter, nobody passes by anything else, and who asks is always told something, in time. */
#include "webfront/logins/logins.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/clock.h"
#include "tests/unit/fake-login.h"
#include "tests/unit/test.h"

enum { PATIENCE_USEC = 5000000, SHORT_USEC = 50000, PLACES = LOGINS_AT_A_TIME + LOGINS_WAITING };

struct world {
    struct fake_login login;
    struct logins *logins;
};

struct seen {
    unsigned calls;
    struct login_result result;
};

static int setup(void **state)
{
    struct world *world = calloc(1, sizeof(*world));

    assert_true(sd_event_new(&world->login.event) >= 0);
    fake_login_start(&world->login);
    assert_int_equal(logins_new(world->login.event, world->login.path, PATIENCE_USEC, &world->logins), 0);
    *state = world;
    return 0;
}

static int teardown(void **state)
{
    struct world *world = *state;

    logins_stop(world->logins);
    logins_free(world->logins);
    fake_login_stop(&world->login);
    sd_event_unref(world->login.event);
    free(world);
    return 0;
}

static void be_impatient(struct world *world)
{
    logins_free(world->logins);
    assert_int_equal(logins_new(world->login.event, world->login.path, SHORT_USEC, &world->logins), 0);
}

static void on_done(const struct login_result *result, void *userdata)
{
    struct seen *seen = userdata;

    seen->calls++;
    seen->result = *result;
}

static struct login *start(struct world *world, const char *user, const char *asker, struct seen *seen)
{
    const struct login_question question = { .user = user, .password = "secret", .asker = asker };
    struct login *login = NULL;

    *seen = (struct seen){ 0 };
    assert_int_equal(logins_ask(world->logins, &question, on_done, seen, &login), 0);
    assert_int_equal(seen->calls, 0); /* never from within the call */
    return login;
}

static void wait_for(struct world *world, const struct seen *seen)
{
    for (int i = 0; i < 20000 && seen->calls == 0; i++)
        fake_login_run(&world->login, 1);
    fake_login_run(&world->login, 5);
    assert_int_equal(seen->calls, 1);
}

static struct seen ask(struct world *world)
{
    struct seen seen;

    (void)start(world, "anna", "192.0.2.1", &seen);
    wait_for(world, &seen);
    return seen;
}

static void test_answers(void **state)
{
    static const struct {
        const char *answer;
        enum login_outcome outcome;
        unsigned seconds;
        const char *ticket;
    } CASES[] = {
        { "ticket 1.Ab_-9.x\n", LOGIN_PASSED, 0, "1.Ab_-9.x" },
        { "wrong\n", LOGIN_WRONG, 0, "" },
        { "later 12\n", LOGIN_LATER, 12, "" },
        { "later 86400\n", LOGIN_LATER, 86400, "" },
        { "malformed\n", LOGIN_UNAVAILABLE, 5, "" },
        { "unavailable\n", LOGIN_UNAVAILABLE, 5, "" },
    };
    struct world *world = *state;

    for (unsigned i = 0; i < 2 * sizeof(CASES) / sizeof(*CASES); i++) {
        struct seen seen;

        world->login.trickles = i % 2;
        world->login.answer = CASES[i / 2].answer;
        seen = ask(world);
        assert_int_equal(seen.result.outcome, CASES[i / 2].outcome);
        assert_int_equal(seen.result.seconds, CASES[i / 2].seconds);
        assert_string_equal(seen.result.ticket, CASES[i / 2].ticket);
        assert_string_equal(world->login.question, "4:anna,6:secret,");
    }
}

#define LIE(text)                                                                                            \
    {                                                                                                        \
        text, sizeof(text) - 1                                                                               \
    }

static void test_lies(void **state)
{
    static const struct {
        const char *answer;
        size_t size;
    } CASES[] = {
        LIE("\n"),
        LIE("ticket\n"),
        LIE("ticket \n"),
        LIE("ticket 1.a.b"),
        LIE("ticket 1.a.b\n\n"),
        LIE("ticket 1.a.b\nwrong\n"),
        LIE("wrong\nticket 1.a.b\n"),
        LIE("ticket 1.a.b\r\n"),
        LIE("ticket  1.a.b\n"),
        LIE("ticket 1.a.b \n"),
        LIE("ticket 1.a.b; Path=/\n"),
        LIE("ticket 1.a.b\r\nSet-Cookie: a=b\n"),
        LIE("ticket 1.a\0b\n"),
        LIE("ticket 1.a.b\n\0"),
        LIE("\0ticket 1.a.b\n"),
        LIE("ticket 1.a\xc3\xa9.b\n"),
        LIE("TICKET 1.a.b\n"),
        LIE(" ticket 1.a.b\n"),
        LIE("ticket\t1.a.b\n"),
        LIE("wrong"),
        LIE("wrong \n"),
        LIE("wrongticket a\n"),
        LIE("right\n"),
        LIE("later\n"),
        LIE("later \n"),
        LIE("later 0\n"),
        LIE("later -1\n"),
        LIE("later 012\n"),
        LIE("later 86401\n"),
        LIE("later 99999999999999999999\n"),
        LIE("later 4294967297\n"),
        LIE("later 12s\n"),
        LIE("later 12 \n"),
    };
    struct world *world = *state;

    for (size_t i = 0; i < sizeof(CASES) / sizeof(*CASES); i++) {
        struct seen seen;

        world->login.answer = CASES[i].answer;
        world->login.size = CASES[i].size;
        seen = ask(world);
        assert_int_equal(seen.result.outcome, LOGIN_UNAVAILABLE);
        assert_string_equal(seen.result.ticket, "");
        assert_in_range(seen.result.seconds, 1, 60);
    }
}

/* To the byte. */
static void test_long_tickets(void **state)
{
    static char answer[LOGIN_ANSWER_MAX + 2];
    struct world *world = *state;
    struct seen seen;

    world->login.answer = answer;
    for (int more = 0; more < 2; more++) {
        (void)snprintf(answer, sizeof(answer), "ticket %0*d\n", LOGIN_TICKET_SIZE - 1 + more, 7);
        seen = ask(world);
        assert_int_equal(seen.result.outcome, more ? LOGIN_UNAVAILABLE : LOGIN_PASSED);
        assert_int_equal(strlen(seen.result.ticket), more ? 0 : LOGIN_TICKET_SIZE - 1);
    }
}

/* One that talks without end is hung up on; it need not close. */
static void test_flood(void **state)
{
    struct world *world = *state;

    world->login.answer = "ticket 1.a.b\n";
    world->login.floods = world->login.hangs = true;
    assert_int_equal(ask(world).result.outcome, LOGIN_UNAVAILABLE);
}

/* An answer counts when whoever gave it has closed. */
static void test_hanging(void **state)
{
    struct world *world = *state;
    struct seen seen;

    world->login.answer = "ticket 1.a.b\n";
    world->login.hangs = true;
    (void)start(world, "anna", "192.0.2.1", &seen);
    fake_login_run(&world->login, 50);
    assert_int_equal(seen.calls, 0);
    fake_login_hang_up(&world->login);
    wait_for(world, &seen);
    assert_int_equal(seen.result.outcome, LOGIN_PASSED);
    be_impatient(world);
    seen = ask(world);
    assert_int_equal(seen.result.outcome, LOGIN_UNAVAILABLE);
    assert_in_range(seen.result.seconds, 1, 60);
}

/* As systemd does with one too many: that says nothing about the password. */
static void test_hung_up(void **state)
{
    struct world *world = *state;

    world->login.answer = "wrong\n";
    world->login.hangs_up = LOGINS_TRIES - 1;
    assert_int_equal(ask(world).result.outcome, LOGIN_WRONG);
    assert_int_equal(world->login.asked, LOGINS_TRIES);
    assert_string_equal(world->login.question, "4:anna,6:secret,");
}

/* One that does nothing but that is no login: somebody is told so, and does not wait for ever. */
static void test_crashes(void **state)
{
    struct world *world = *state;

    assert_int_equal(ask(world).result.outcome, LOGIN_UNAVAILABLE);
    assert_int_equal(world->login.asked, LOGINS_TRIES);
}

static void test_nobody_there(void **state)
{
    struct world *world = *state;

    fake_login_stop(&world->login);
    assert_int_equal(ask(world).result.outcome, LOGIN_UNAVAILABLE);
    fake_login_start(&world->login);
    world->login.answer = "wrong\n";
    assert_int_equal(ask(world).result.outcome, LOGIN_WRONG);
}

/* What no login can be asked is wrong, and nobody is asked. */
static void test_unfit(void **state)
{
    static char text[LOGIN_PASSWORD_MAX + 2];
    struct world *world = *state;
    struct login_question question = { .user = text, .password = "x", .asker = "" };
    struct login *login;
    struct seen seen = { 0 };

    world->login.answer = "ticket 1.a.b\n";
    (void)start(world, "", "192.0.2.1", &seen);
    wait_for(world, &seen);
    assert_int_equal(seen.result.outcome, LOGIN_WRONG);
    for (int more = 0; more < 2; more++) {
        memset(text, 'a', sizeof(text));
        text[LOGIN_USER_MAX + more] = '\0';
        seen.calls = 0;
        assert_int_equal(logins_ask(world->logins, &question, on_done, &seen, &login), 0);
        wait_for(world, &seen);
        assert_int_equal(seen.result.outcome, more ? LOGIN_WRONG : LOGIN_PASSED);
    }
    question.user = "anna";
    question.password = text;
    for (int more = 0; more < 2; more++) {
        memset(text, 'a', sizeof(text));
        text[LOGIN_PASSWORD_MAX + more] = '\0';
        seen.calls = 0;
        assert_int_equal(logins_ask(world->logins, &question, on_done, &seen, &login), 0);
        wait_for(world, &seen);
        assert_int_equal(seen.result.outcome, more ? LOGIN_WRONG : LOGIN_PASSED);
    }
    assert_int_equal(world->login.asked, 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_answers, setup, teardown),
        cmocka_unit_test_setup_teardown(test_lies, setup, teardown),
        cmocka_unit_test_setup_teardown(test_long_tickets, setup, teardown),
        cmocka_unit_test_setup_teardown(test_flood, setup, teardown),
        cmocka_unit_test_setup_teardown(test_hanging, setup, teardown),
        cmocka_unit_test_setup_teardown(test_hung_up, setup, teardown),
        cmocka_unit_test_setup_teardown(test_crashes, setup, teardown),
        cmocka_unit_test_setup_teardown(test_nobody_there, setup, teardown),
        cmocka_unit_test_setup_teardown(test_unfit, setup, teardown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
