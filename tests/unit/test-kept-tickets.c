/* Tickets that are kept for a minute: found again by the very same words alone, and by nobody who guesses. */
#include "webfront/logins/kept-tickets.h"

#include <stdio.h>
#include <string.h>

#include "tests/unit/test.h"

static const struct kept_asker ANNA = { "192.0.2.1", "anna", "secret" };
static const char TICKET[LOGIN_TICKET_SIZE] = "1.a.b", OTHER[LOGIN_TICKET_SIZE] = "1.c.d";

static int setup(void **state)
{
    struct kept_tickets *kept = NULL;

    assert_int_equal(kept_tickets_new(&kept), 0);
    *state = kept;
    return 0;
}

static int teardown(void **state)
{
    kept_tickets_free(*state);
    return 0;
}

static void test_a_minute(void **state)
{
    struct kept_tickets *kept = *state;

    assert_null(kept_tickets_find(kept, &ANNA, 1000));
    kept_tickets_keep(kept, &ANNA, TICKET, 1000);
    assert_string_equal(kept_tickets_find(kept, &ANNA, 1000), TICKET);
    assert_string_equal(kept_tickets_find(kept, &ANNA, 999 + KEPT_TICKETS_USEC), TICKET);
    assert_null(kept_tickets_find(kept, &ANNA, 1000 + KEPT_TICKETS_USEC));
    assert_null(kept_tickets_find(kept, &ANNA, 1000)); /* it is gone, and not only unseen */
}

static void test_replaced(void **state)
{
    struct kept_tickets *kept = *state;

    kept_tickets_keep(kept, &ANNA, TICKET, 1000);
    kept_tickets_keep(kept, &ANNA, OTHER, 1000);
    assert_string_equal(kept_tickets_find(kept, &ANNA, 1000), OTHER);
    kept_tickets_forget(kept, &ANNA);
    assert_null(kept_tickets_find(kept, &ANNA, 1000));
    kept_tickets_forget(kept, &ANNA);
}

/* Whoever guesses has one guess for each login of the other. */
static void test_another_password(void **state)
{
    static const char *const PASSWORDS[] = { "", "s", "secre", "secret ", "Secret", "secrets" };
    struct kept_tickets *kept = *state;
    struct kept_asker asker = ANNA;

    for (size_t i = 0; i < sizeof(PASSWORDS) / sizeof(*PASSWORDS); i++) {
        kept_tickets_keep(kept, &ANNA, TICKET, 1000);
        asker.password = PASSWORDS[i];
        assert_null(kept_tickets_find(kept, &asker, 1000));
        assert_null(kept_tickets_find(kept, &ANNA, 1000));
    }
}

/* They neither get it nor take it away; and no text passes for the end of the one before it. */
static void test_others(void **state)
{
    static const struct kept_asker OTHERS[] = {
        { "192.0.2.2", "anna", "secret" }, { "192.0.2.2", "anna", "guess" },
        { "192.0.2.1", "ann", "secret" },  { "192.0.2.1", "Anna", "secret" },
        { "192.0.2.1", "ann", "asecret" }, { "192.0.2.1a", "nna", "secret" },
        { "", "192.0.2.1anna", "secret" }, { "192.0.2.1", "annas", "ecret" },
    };
    struct kept_tickets *kept = *state;

    kept_tickets_keep(kept, &ANNA, TICKET, 1000);
    for (size_t i = 0; i < sizeof(OTHERS) / sizeof(*OTHERS); i++) {
        assert_null(kept_tickets_find(kept, &OTHERS[i], 1000));
        assert_string_equal(kept_tickets_find(kept, &ANNA, 1000), TICKET);
    }
}

static void test_bounded(void **state)
{
    struct kept_tickets *kept = *state;
    struct kept_asker asker = ANNA;
    char user[16];

    asker.user = user;
    for (unsigned i = 0; i <= KEPT_TICKETS_MAX; i++) {
        (void)snprintf(user, sizeof(user), "user%u", i);
        kept_tickets_keep(kept, &asker, TICKET, 1000 + i);
    }
    for (unsigned i = 0; i <= KEPT_TICKETS_MAX; i++) {
        (void)snprintf(user, sizeof(user), "user%u", i);
        assert_true(!kept_tickets_find(kept, &asker, 2000) == (i == 0));
    }
}

/* What is compared is made under a key of the process: two of them have nothing in common. */
static void test_no_two_alike(void **state)
{
    struct kept_tickets *other = NULL;
    struct kept_tickets *kept = *state;

    assert_int_equal(kept_tickets_new(&other), 0);
    kept_tickets_keep(kept, &ANNA, TICKET, 1000);
    kept_tickets_keep(other, &ANNA, TICKET, 1000);
    /* The key, and then the first row with its two digests. */
    for (size_t i = 0; i < 3; i++)
        assert_memory_not_equal((const char *)kept + 32 * i, (const char *)other + 32 * i, 32);
    assert_null(memmem(kept, 4096, "secret", 6));
    assert_null(memmem(kept, 4096, "anna", 4));
    kept_tickets_free(other);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_a_minute, setup, teardown),
        cmocka_unit_test_setup_teardown(test_replaced, setup, teardown),
        cmocka_unit_test_setup_teardown(test_another_password, setup, teardown),
        cmocka_unit_test_setup_teardown(test_others, setup, teardown),
        cmocka_unit_test_setup_teardown(test_bounded, setup, teardown),
        cmocka_unit_test_setup_teardown(test_no_two_alike, setup, teardown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
