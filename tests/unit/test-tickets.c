/* The broker and tickets: whom it lets in by which, and what it says of each that is not good. */
#include <stdlib.h>
#include <string.h>

#include "broker/calls/methods.h"
#include "common/refusal.h"
#include "common/rpc/wire-call.h"
#include "tests/unit/memory-directory.h"
#include "tests/unit/rpc-values.h"
#include "tests/unit/ticket-world.h"
#include "tests/unit/test.h"

static const struct ticket_key OTHER_KEY = { "the key of another machine......" };

static int set_up(void **state)
{
    return ticket_world_set_up(state, "[Web]\nLogin=password\n");
}

static int set_up_none(void **state)
{
    return ticket_world_set_up(state, "[Web]\nLogin=none\n");
}

static void test_good(void **state)
{
    struct broker_world *w = *state;
    const char *ticket = ticket_good();

    assert_let_in(w, ticket);
    assert_member(call_with_ticket(w, ticket, "restarter.status", "a@1.service"), "unit", "a@1.service");
    assert_member(call_with_ticket(w, ticket, "restarter.status", "b.service"), "unit", "b.service");
    assert_member(call_with_ticket(w, ticket, "restarter.status", "c.service"), "unit", "c.service");
}

static void test_each_way_not_to_be_good(void **state)
{
    struct broker_world *w = *state;
    char rest[64], cut[SIGNING_TEXT_SIZE];

    (void)snprintf(rest, sizeof(rest), "%s:ops", TICKET_WORLD_NUMBER);
    assert_kept_out(w, NULL, "nobody is logged in");
    assert_kept_out(w, "", "is none");
    assert_kept_out(w, "x", "is none");
    assert_kept_out(w, "1.YW5uYQ.", "is none");
    assert_kept_out(w, ticket_made(1, &OTHER_KEY, "anna:password", -100, 1000, rest),
                    "not made with this machine's key");
    assert_kept_out(w, ticket_made(1, &ticket_world_key, "anna:password", -90000, -86400, rest),
                    "has expired"); /* yesterday's */
    assert_kept_out(w, ticket_made(1, &ticket_world_key, "anna:password", -100, 0, rest), "has expired");
    assert_kept_out(w, ticket_made(1, &ticket_world_key, "anna:password", 100, 1000, rest), "in the future");
    assert_kept_out(w, ticket_made(1, &ticket_world_key, "anna:pam", -100, 1000, rest), "in another way");
    assert_kept_out(w, ticket_made(1, &ticket_world_key, "anna:uid", -100, 1000, rest), "is none");
    assert_kept_out(w, ticket_made(1, &ticket_world_key, "an na:password", -100, 1000, rest), "is none");
    assert_kept_out(w, ticket_made(1, &ticket_world_key, ":password", -100, 1000, rest), "is none");
    (void)strcpy(cut, ticket_good());
    cut[strlen(cut) - 1] = '\0';
    assert_kept_out(w, cut, "is none");
    (void)strcpy(cut, ticket_good());
    (void)strcat(cut, "A");
    assert_kept_out(w, cut, "is none");
    assert_let_in(w, ticket_good());
}

static void test_every_bit_of_the_mac(void **state)
{
    static const char LETTERS[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    struct broker_world *w = *state;
    char text[SIGNING_TEXT_SIZE];
    size_t mac;

    (void)strcpy(text, ticket_good());
    mac = (size_t)(strrchr(text, '.') + 1 - text);
    for (size_t bit = 0; bit < 256; bit++) {
        char *letter = &text[mac + bit / 6], was = *letter;

        *letter = LETTERS[(strchr(LETTERS, was) - LETTERS) ^ (32 >> bit % 6)];
        assert_kept_out(w, text, "not made with this machine's key");
        *letter = was;
    }
    assert_let_in(w, text);
}

/* Signed with the same file's bytes, and yet before or after this boot. */
static void test_another_boots(void **state)
{
    struct broker_world *w = *state;
    struct ticket_key yesterdays;
    struct mistake mistake;
    char rest[64];

    (void)snprintf(rest, sizeof(rest), "%s:", TICKET_WORLD_NUMBER);
    (void)setenv("RESTARTER_BOOT", "10112233445566778899aabbccddeeff", 1);
    assert_int_equal(ticket_key_read(&yesterdays, &mistake), 0);
    assert_kept_out(w, ticket_made(1, &yesterdays, "anna:password", -100, 1000, rest), "started anew");
    memcpy(yesterdays.bytes, "thirty-two bytes of a ticket key", 32);
    assert_kept_out(w, ticket_made(1, &yesterdays, "anna:password", -100, 1000, rest), "started anew");
}

/* Nothing is done for whoever is not logged in, whichever method it is, and each says so in its own way. But
 * restarter.changes tells a web front something that is nobody's: test-changes-people.c; and system.multicall
 * takes others: test-multicall-login.c. */
static void test_every_method_is_refused(void **state)
{
    static const char *const PARAMETERS[] = {
        [WIRE_PARAMS_UNIT] = "c.service",      [WIRE_PARAMS_ID] = "c.service",
        [WIRE_PARAMS_OPTIONS] = "c.service",   [WIRE_PARAMS_PRESS] = "0123456789abcdef",
        [WIRE_PARAMS_METHOD] = "restart_unit", [WIRE_PARAMS_LIST] = NULL,
    };
    struct broker_world *w = *state;
    char refused[32];

    for (size_t i = 0; i < WIRE_METHODS_COUNT; i++) {
        const struct wire_method *method = &WIRE_METHODS[i];
        bool for_fronts = method_find(method)->for_fronts;
        struct call *call;

        if (i == WIRE_METHOD_CHANGES || i == WIRE_METHOD_MULTICALL)
            continue;
        call = call_with_ticket(w, for_fronts ? "no ticket" : NULL, method->name, PARAMETERS[method->params]);

        if (method->answer == WIRE_PLAIN)
            assert_truth(call, "success", false);
        else
            assert_fault(call, REFUSAL_LOGIN);
    }
    assert_int_equal(w->fake.n_restarts + w->fake.n_gets + w->fake.n_lists, 0);
    (void)snprintf(refused, sizeof(refused), "%d refused", WIRE_METHODS_COUNT - 2);
    assert_described(w, refused);
    /* What a front asks for itself is another thing. */
    assert_member(call_with_ticket(w, NULL, "restarter.metrics", NULL), "bounds",
                  "10 25 50 100 250 500 1000 2500 5000 10000 30000 60000");
    /* Scripts are not asked to log in, nor is who comes by the proxy. */
    for (size_t gate = CLIENTS; gate <= PROXY; gate++) {
        struct call *call = begin_at(w, gate, 0, "restarter.status", "c.service");

        wait_for(w, call);
        assert_member(call, "unit", "c.service");
    }
}

static void test_no_login_needed(void **state)
{
    struct broker_world *w = *state;
    char rest[64];

    assert_member(call_with_ticket(w, NULL, "restarter.allowed", NULL), "user", "");
    assert_member(call_with_ticket(w, NULL, "restarter.status", "c.service"), "unit", "c.service");
    assert_fault(call_with_ticket(w, NULL, "restarter.status", "a@1.service"), REFUSAL_NO_GRANT);
    assert_let_in(w, ticket_good());
    (void)snprintf(rest, sizeof(rest), "%s:", TICKET_WORLD_NUMBER);
    assert_kept_out(w, ticket_made(1, &OTHER_KEY, "anna:password", -100, 1000, rest), "key");
    assert_kept_out(w, "", "is none");
}

/* --- without --- */

static int set_up_without_key(void **state)
{
    int r = set_up(state);

    ticket_world_put_key("#", 1);
    broker_set_up_anew(*state);
    return r;
}

static void test_without_a_key(void **state)
{
    struct broker_world *w = *state;
    struct call *call;

    assert_kept_out(w, ticket_good(), "no key");
    assert_kept_out(w, NULL, "nobody is logged in");
    call = begin_at(w, CLIENTS, 0, "restarter.status", "c.service");
    wait_for(w, call);
    assert_member(call, "unit", "c.service");
}

static int set_up_without_settings(void **state)
{
    int r = set_up(state);

    forget_all();
    write_web(*state, "[Wub]\n");
    broker_set_up_anew(*state);
    return r;
}

static void test_without_settings(void **state)
{
    struct broker_world *w = *state;

    assert_fault(call_with_ticket(w, ticket_good(), "restarter.allowed", NULL), REFUSAL_UNAVAILABLE);
    for (size_t gate = WEB; gate <= PROXY; gate++) {
        struct call *call;

        w->callers[WEB].ticket = NULL;
        call = begin_at(w, gate, 0, "restarter.status", "c.service");
        wait_for(w, call);
        if (gate == CLIENTS)
            assert_member(call, "unit", "c.service");
        else
            assert_fault(call, REFUSAL_UNAVAILABLE);
    }
}

#define TEST_WITH(set_up, f) cmocka_unit_test_setup_teardown(f, set_up, ticket_world_tear_down)
#define TEST(f) TEST_WITH(set_up, f)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_good),
        TEST(test_each_way_not_to_be_good),
        TEST(test_every_bit_of_the_mac),
        TEST(test_another_boots),
        TEST(test_every_method_is_refused),
        TEST_WITH(set_up_none, test_no_login_needed),
        TEST_WITH(set_up_without_key, test_without_a_key),
        TEST_WITH(set_up_without_settings, test_without_settings),
    };

    return cmocka_run_group_tests(tests, make_directory, remove_directory);
}
