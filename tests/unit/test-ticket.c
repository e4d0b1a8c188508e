/* Tickets: what is written is read again, in its time. What else there may be is no ticket:
 * test-ticket-changed.c. */
#include "common/ticket.h"

#include <stdio.h>
#include <string.h>

#include "common/cleanup.h"
#include "tests/unit/signing.h"
#include "tests/unit/ticket-texts.h"
#include "tests/unit/test.h"

static void test_round(_unused_ void **state)
{
    _cleanup_(ticket_done) struct ticket ticket = ticket_of("anna@example.org"), read = { .issued = 0 };
    char text[TICKET_SIZE], again[TICKET_SIZE];

    ticket_add_group(&ticket, "ops");
    ticket_add_group(&ticket, "admins");
    ticket_text(&ticket, text);
    assert_int_equal(ticket_read(&TICKET_KEY, text, 1500, &read), TICKET_GOOD);
    assert_string_equal(read.person.name, "anna@example.org");
    assert_int_equal(read.person.known, PERSON_PASSWORD);
    assert_int_equal(read.person.n_groups, 2);
    assert_true(person_in_group(&read.person, "ops") && person_in_group(&read.person, "admins"));
    assert_false(read.person.is_root);
    assert_int_equal(read.issued, 1000);
    assert_int_equal(read.expires, 2000);
    assert_memory_equal(read.number, ticket.number, sizeof(read.number));
    ticket_text(&read, again);
    assert_string_equal(text, again);
}

/* For showing, without the key; also of one that is none, which the broker knows. */
static void test_look(_unused_ void **state)
{
    _cleanup_(ticket_done) struct ticket ticket = ticket_of("anna"), looked = { .issued = 0 };
    char text[TICKET_SIZE];

    ticket_add_group(&ticket, "ops");
    ticket_text(&ticket, text);
    text[strlen(text) - 1] = 'x';
    assert_int_equal(ticket_look(text, &looked), TICKET_GOOD);
    assert_string_equal(looked.person.name, "anna");
    assert_int_equal(looked.expires, 2000);
    assert_true(person_in_group(&looked.person, "ops"));
    assert_int_equal(ticket_look("", &looked), TICKET_MALFORMED);
    assert_int_equal(ticket_look("1.PGI-.0123456789012345678901234567890123456789012", &looked),
                     TICKET_MALFORMED);
}

/* The text is what ticket.h says, made here by other means; and fit for a cookie and a header. */
static void test_text(_unused_ void **state)
{
    _cleanup_(ticket_done) struct ticket ticket = ticket_of("anna");
    char text[TICKET_SIZE], expected[SIGNING_TEXT_SIZE];

    ticket_add_group(&ticket, "ops");
    ticket_add_group(&ticket, "admins");
    ticket_text(&ticket, text);
    signing_body(&TICKET_KEY, TICKET_BODY "admins,ops", strlen(TICKET_BODY "admins,ops"), expected);
    assert_string_equal(text, expected);
    assert_int_equal(strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_."),
                     strlen(text));
}

static void test_groups_up_to_the_bound(_unused_ void **state)
{
    _cleanup_(ticket_done) struct ticket ticket = ticket_of("anna"), read = { .issued = 0 };
    char text[TICKET_SIZE], group[PERSON_NAME_SIZE];
    unsigned n = 0;
    int r = 0;

    for (; n < PERSON_GROUPS_MAX && r == 0; n++) {
        (void)snprintf(group, sizeof(group), "%064u", n);
        ticket_add_group(&ticket, group);
        r = ticket_write(&TICKET_KEY, &ticket, text);
        if (r == 0) {
            ticket_done(&read);
            assert_int_equal(ticket_read(&TICKET_KEY, text, 1500, &read), TICKET_GOOD);
            assert_int_equal(read.person.n_groups, n + 1);
        }
    }
    assert_int_equal(r, TICKET_E_UNFIT);
    assert_in_range(n, 20, 25);
}

static void test_not_fit_to_be_written(_unused_ void **state)
{
    _cleanup_(ticket_done) struct ticket ticket = ticket_of("anna");
    char text[TICKET_SIZE] = "untouched";

#define UNFIT(change)                                                                                        \
    do {                                                                                                     \
        struct ticket changed = ticket;                                                                      \
        changed.change;                                                                                      \
        assert_int_equal(ticket_write(&TICKET_KEY, &changed, text), TICKET_E_UNFIT);                         \
        assert_string_equal(text, "untouched");                                                              \
    } while (0)
    UNFIT(person.name[0] = '\0');
    UNFIT(person.name[0] = ':');
    UNFIT(person.known = PERSON_NOBODY);
    UNFIT(person.known = PERSON_UID);
    UNFIT(person.known = PERSON_PROXY);
    UNFIT(person.known = PERSON_FRONT);
    UNFIT(expires = 1000);
    UNFIT(expires = 999);
    UNFIT(expires = 1000 + TICKET_LIFETIME_MAX_SEC + 1);
    UNFIT(expires = UINT64_MAX);
}

static void test_clock(_unused_ void **state)
{
    static const struct {
        uint64_t now;
        int outcome;
    } CASES[] = {
        { 0, TICKET_NOT_YET },     { 999, TICKET_NOT_YET },       { 1000, TICKET_GOOD },
        { 1999, TICKET_GOOD },     { 2000, TICKET_EXPIRED },      { 2001, TICKET_EXPIRED },
        { 88400, TICKET_EXPIRED }, { INT64_MAX, TICKET_EXPIRED }, { UINT64_MAX, TICKET_EXPIRED },
    };
    _cleanup_(ticket_done) struct ticket ticket = ticket_of("anna");
    char text[TICKET_SIZE];

    ticket_text(&ticket, text);
    for (size_t i = 0; i < sizeof(CASES) / sizeof(*CASES); i++)
        assert_int_equal(ticket_outcome(text, CASES[i].now), CASES[i].outcome);
}

static void test_words(_unused_ void **state)
{
    for (int i = TICKET_GOOD; i <= TICKET_NOT_YET; i++)
        assert_true(strlen(ticket_outcome_text(i)) > 5);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_round),
        cmocka_unit_test(test_look),
        cmocka_unit_test(test_text),
        cmocka_unit_test(test_groups_up_to_the_bound),
        cmocka_unit_test(test_not_fit_to_be_written),
        cmocka_unit_test(test_clock),
        cmocka_unit_test(test_words),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
