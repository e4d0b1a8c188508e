/* What ends a login at the broker: time, settings, signing out; and what renews it. */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "common/refusal.h"
#include "tests/unit/memory-directory.h"
#include "tests/unit/rpc-values.h"
#include "tests/unit/ticket-world.h"
#include "tests/unit/test.h"

static int set_up(void **state)
{
    return ticket_world_set_up(state, "[Web]\nLogin=password\n");
}

static int set_up_none(void **state)
{
    return ticket_world_set_up(state, "[Web]\nLogin=none\n");
}

static void test_settings_count_at_once(void **state)
{
    struct broker_world *w = *state;
    const char *ticket = ticket_good();

    ticket_world_reload(w, "[Web]\nLogin=password\nSessionLifetimeSec=60\n");
    assert_kept_out(w, ticket, "has expired");
    ticket_world_reload(w, "[Web]\nLogin=password\nSessionLifetimeSec=600\n");
    assert_let_in(w, ticket);
    ticket_world_reload(w, "[Web]\nLogin=pam\n");
    assert_kept_out(w, ticket, "in another way");
    ticket_world_reload(w, "[Web]\nLogin=nobody\n"); /* the last good one */
    assert_kept_out(w, ticket, "in another way");
}

/* The text of a ticket that was renewed, in `ret`. */
static void renew(struct broker_world *w, const char *ticket, char ret[static TICKET_SIZE])
{
    struct call *call = call_with_ticket(w, ticket, "restarter.renew", NULL);
    char *text = NULL;

    assert_non_null(call->response.value);
    assert_true(rpc_read_string(call->response.value, &text));
    (void)snprintf(ret, TICKET_SIZE, "%s", text);
    free(text);
}

static void test_renewed(void **state)
{
    static const struct {
        const char *web;
        long from_now, from_login; /* it ends then; 0: by the other */
    } CASES[] = {
        { "[Web]\nLogin=password\n", 7200, 0 },
        { "[Web]\nLogin=password\nSessionIdleSec=600\n", 600, 0 },
        { "[Web]\nLogin=password\nSessionIdleSec=0\n", 0, 43200 },
        { "[Web]\nLogin=password\nSessionIdleSec=900\nSessionLifetimeSec=950\n", 0, 950 },
    };
    struct broker_world *w = *state;
    const char *ticket = ticket_good();
    char again[TICKET_SIZE];

    for (size_t i = 0; i < sizeof(CASES) / sizeof(*CASES); i++) {
        struct ticket old = { .issued = 0 }, new = { .issued = 0 };
        uint64_t now = (uint64_t)time(NULL), from;

        ticket_world_reload(w, CASES[i].web);
        renew(w, ticket, again);
        assert_int_equal(ticket_read(&ticket_world_key, ticket, now, &old), TICKET_GOOD);
        assert_int_equal(ticket_read(&ticket_world_key, again, (uint64_t)time(NULL), &new), TICKET_GOOD);
        assert_int_equal(new.issued, old.issued);
        assert_memory_equal(new.number, old.number, TICKET_NUMBER_SIZE);
        assert_string_equal(new.person.name, "anna");
        assert_true(person_in_group(&new.person, "ops") && new.person.n_groups == 1);
        from = CASES[i].from_now ? now + (uint64_t)CASES[i].from_now
                                 : old.issued + (uint64_t)CASES[i].from_login;
        assert_in_range(new.expires, from, from + 2);
        assert_let_in(w, again);
        ticket_done(&old);
        ticket_done(&new);
    }
}

static void test_signed_out(void **state)
{
    struct broker_world *w = *state;
    const char *ticket = ticket_good(), *other;
    char again[TICKET_SIZE];
    bool done = false;

    other =
        ticket_made(1, &ticket_world_key, "anna:password", -100, 1000, "ff0102030405060708090a0b0c0d0e0f:");
    renew(w, ticket, again);
    assert_true(
        rpc_read_bool(call_with_ticket(w, again, "restarter.sign_out", NULL)->response.value, &done) && done);
    assert_kept_out(w, ticket, "was signed out");
    assert_kept_out(w, again, "was signed out");
    assert_let_in(w, other);
    assert_fault(call_with_ticket(w, again, "restarter.renew", NULL), REFUSAL_LOGIN);
    assert_fault(call_with_ticket(w, again, "restarter.sign_out", NULL), REFUSAL_LOGIN);
}

static void test_signed_out_everywhere(void **state)
{
    struct broker_world *w = *state;
    const char *ticket = ticket_good(), *bobs;
    bool done = false;

    bobs = ticket_made(1, &ticket_world_key, "bob:password", -100, 1000, "ff0102030405060708090a0b0c0d0e0f:");
    assert_true(
        rpc_read_bool(call_with_ticket(w, ticket, "restarter.sign_out_everywhere", NULL)->response.value,
                      &done) &&
        done);
    assert_kept_out(w, ticket, "was signed out");
    assert_kept_out(
        w, ticket_made(2, &ticket_world_key, "anna:password", 0, 1000, "aa0102030405060708090a0b0c0d0e0f:"),
        "was signed out");
    assert_member(call_with_ticket(w, bobs, "restarter.allowed", NULL), "user", "bob");
}

/* By another broker, with what the first one has left. */
static void test_signed_out_outlasts_the_broker(void **state)
{
    struct broker_world *w = *state;
    const char *ticket = ticket_good();
    bool done = false;

    assert_true(
        rpc_read_bool(call_with_ticket(w, ticket, "restarter.sign_out", NULL)->response.value, &done) &&
        done);
    broker_set_up_anew(w);
    assert_kept_out(w, ticket, "was signed out");
    assert_let_in(w, ticket_made(1, &ticket_world_key, "anna:password", -100, 1000,
                                 "ff0102030405060708090a0b0c0d0e0f:"));
}

static void test_who_has_no_ticket_has_no_session(void **state)
{
    static const char *const METHODS[] = { "restarter.renew", "restarter.sign_out",
                                           "restarter.sign_out_everywhere" };
    struct broker_world *w = *state;

    for (size_t i = 0; i < sizeof(METHODS) / sizeof(*METHODS); i++)
        for (size_t gate = WEB; gate <= PROXY; gate++) {
            struct call *call = begin_at(w, gate, 0, METHODS[i], NULL);

            wait_for(w, call);
            assert_fault(call, REFUSAL_LOGIN);
        }
}

#define TEST_WITH(set_up, f) cmocka_unit_test_setup_teardown(f, set_up, ticket_world_tear_down)
#define TEST(f) TEST_WITH(set_up, f)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_settings_count_at_once),
        TEST(test_renewed),
        TEST(test_signed_out),
        TEST(test_signed_out_everywhere),
        TEST(test_signed_out_outlasts_the_broker),
        TEST_WITH(set_up_none, test_who_has_no_ticket_has_no_session),
    };

    return cmocka_run_group_tests(tests, make_directory, remove_directory);
}
