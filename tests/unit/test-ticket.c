/* Tickets: what is written is read again, and nothing else is: cut, grown, changed by one bit, signed with
 * another key, out of its time, or said in another way than the one there is. */
#include "common/ticket.h"

#include <stdio.h>
#include <string.h>

#include "common/cleanup.h"
#include "tests/unit/random.h"
#include "tests/unit/signing.h"
#include "tests/unit/test.h"

#define NUMBER "000102030405060708090a0b0c0d0e0f"
#define BODY "anna:password:1000:2000:" NUMBER ":"

static const struct ticket_key KEY = { "the key of this machine, 32 byte" };
static const struct ticket_key OTHER_KEY = { "the key of that machine, 32 byte" };

static struct ticket make(const char *name)
{
    struct ticket ticket = { .issued = 1000, .expires = 2000 };

    assert_int_equal(person_set(&ticket.person, name, PERSON_PASSWORD), 0);
    for (size_t i = 0; i < sizeof(ticket.number); i++)
        ticket.number[i] = (uint8_t)i;
    return ticket;
}

static void add_group(struct ticket *ticket, const char *group)
{
    assert_int_equal(person_add_group(&ticket->person, group), 0);
}

/* Its text, "" when it has none. */
static void write_text(const struct ticket *ticket, char text[static TICKET_SIZE])
{
    text[0] = '\0';
    assert_int_equal(ticket_write(&KEY, ticket, text), 0);
}

/* The outcome; what is read of a good one is thrown away, and of another one nothing is written. */
static int outcome(const char *text, uint64_t now)
{
    struct ticket ticket = { .issued = 77 };
    int r = ticket_read(&KEY, text, now, &ticket);

    if (r == TICKET_GOOD)
        ticket_done(&ticket);
    else
        assert_int_equal(ticket.issued, 77);
    return r;
}

static int outcome_of_body(const char *body)
{
    char text[SIGNING_TEXT_SIZE];

    signing_body(&KEY, body, strlen(body), text);
    return outcome(text, 1500);
}

/* --- good ones --- */

static void test_round(_unused_ void **state)
{
    _cleanup_(ticket_done) struct ticket ticket = make("anna@example.org"), read = { .issued = 0 };
    char text[TICKET_SIZE], again[TICKET_SIZE];

    add_group(&ticket, "ops");
    add_group(&ticket, "admins");
    write_text(&ticket, text);
    assert_int_equal(ticket_read(&KEY, text, 1500, &read), TICKET_GOOD);
    assert_string_equal(read.person.name, "anna@example.org");
    assert_int_equal(read.person.known, PERSON_PASSWORD);
    assert_int_equal(read.person.n_groups, 2);
    assert_true(person_in_group(&read.person, "ops") && person_in_group(&read.person, "admins"));
    assert_false(read.person.is_root);
    assert_int_equal(read.issued, 1000);
    assert_int_equal(read.expires, 2000);
    assert_memory_equal(read.number, ticket.number, sizeof(read.number));
    write_text(&read, again);
    assert_string_equal(text, again);
}

/* The text is what ticket.h says, made here by other means; and fit for a cookie and a header. */
static void test_text(_unused_ void **state)
{
    _cleanup_(ticket_done) struct ticket ticket = make("anna");
    char text[TICKET_SIZE], expected[SIGNING_TEXT_SIZE];

    add_group(&ticket, "ops");
    add_group(&ticket, "admins");
    write_text(&ticket, text);
    signing_body(&KEY, BODY "admins,ops", strlen(BODY "admins,ops"), expected);
    assert_string_equal(text, expected);
    assert_int_equal(strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_."),
                     strlen(text));
}

static void test_groups_up_to_the_bound(_unused_ void **state)
{
    _cleanup_(ticket_done) struct ticket ticket = make("anna"), read = { .issued = 0 };
    char text[TICKET_SIZE], group[PERSON_NAME_SIZE];
    unsigned n = 0;
    int r = 0;

    for (; n < PERSON_GROUPS_MAX && r == 0; n++) {
        (void)snprintf(group, sizeof(group), "%064u", n);
        add_group(&ticket, group);
        r = ticket_write(&KEY, &ticket, text);
        if (r == 0) {
            ticket_done(&read);
            assert_int_equal(ticket_read(&KEY, text, 1500, &read), TICKET_GOOD);
            assert_int_equal(read.person.n_groups, n + 1);
        }
    }
    assert_int_equal(r, TICKET_E_UNFIT);
    assert_in_range(n, 20, 25);
}

static void test_not_fit_to_be_written(_unused_ void **state)
{
    _cleanup_(ticket_done) struct ticket ticket = make("anna");
    char text[TICKET_SIZE] = "untouched";

#define UNFIT(change)                                                                                        \
    do {                                                                                                     \
        struct ticket changed = ticket;                                                                      \
        changed.change;                                                                                      \
        assert_int_equal(ticket_write(&KEY, &changed, text), TICKET_E_UNFIT);                                \
        assert_string_equal(text, "untouched");                                                              \
    } while (0)
    UNFIT(person.name[0] = '\0');
    UNFIT(person.name[0] = ':');
    UNFIT(person.known = PERSON_NOBODY);
    UNFIT(person.known = PERSON_UID);
    UNFIT(person.known = PERSON_PROXY);
    UNFIT(expires = 1000);
    UNFIT(expires = 999);
    UNFIT(expires = 1000 + TICKET_LIFETIME_MAX_SEC + 1);
    UNFIT(expires = UINT64_MAX);
}

/* --- in time --- */

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
    _cleanup_(ticket_done) struct ticket ticket = make("anna");
    char text[TICKET_SIZE];

    write_text(&ticket, text);
    for (size_t i = 0; i < sizeof(CASES) / sizeof(*CASES); i++)
        assert_int_equal(outcome(text, CASES[i].now), CASES[i].outcome);
}

/* --- changed --- */

static void test_cut_at_every_length(_unused_ void **state)
{
    _cleanup_(ticket_done) struct ticket ticket = make("anna");
    char text[TICKET_SIZE];

    add_group(&ticket, "ops");
    write_text(&ticket, text);
    for (size_t length = strlen(text); length-- > 0;) {
        text[length] = '\0';
        assert_in_range(outcome(text, 1500), TICKET_MALFORMED, TICKET_FORGED);
    }
    write_text(&ticket, text);
    for (const char *from = text + 1; *from; from++)
        assert_in_range(outcome(from, 1500), TICKET_MALFORMED, TICKET_FORGED);
}

/* By any byte, at any place, within the bound and beyond it. */
static void test_grown(_unused_ void **state)
{
    _cleanup_(ticket_done) struct ticket ticket = make("anna");
    char text[TICKET_SIZE], grown[2 * TICKET_SIZE];

    write_text(&ticket, text);
    for (size_t at = 0; at <= strlen(text); at++)
        for (int byte = 1; byte < 256; byte++) {
            (void)snprintf(grown, sizeof(grown), "%.*s%c%s", (int)at, text, byte, text + at);
            assert_in_range(outcome(grown, 1500), TICKET_MALFORMED, TICKET_FORGED);
        }
    memset(grown, 'A', sizeof(grown));
    memcpy(grown, text, strlen(text));
    grown[sizeof(grown) - 1] = '\0';
    assert_int_equal(outcome(grown, 1500), TICKET_MALFORMED);
    (void)snprintf(grown, sizeof(grown), "%s%s", text, text);
    assert_in_range(outcome(grown, 1500), TICKET_MALFORMED, TICKET_FORGED);
}

static void test_every_bit_flipped(_unused_ void **state)
{
    _cleanup_(ticket_done) struct ticket ticket = make("anna");
    char text[TICKET_SIZE];
    size_t length;

    add_group(&ticket, "ops");
    write_text(&ticket, text);
    length = strlen(text);
    for (size_t bit = 0; bit < length * 8; bit++) {
        text[bit / 8] = (char)(text[bit / 8] ^ (1 << bit % 8));
        assert_in_range(outcome(text, 1500), TICKET_MALFORMED, TICKET_FORGED);
        text[bit / 8] = (char)(text[bit / 8] ^ (1 << bit % 8));
    }
    assert_int_equal(outcome(text, 1500), TICKET_GOOD);
}

/* The body of one and the MAC of another, both good. */
static void test_put_together(_unused_ void **state)
{
    _cleanup_(ticket_done) struct ticket anna = make("anna"), root = make("root");
    char one[TICKET_SIZE], other[TICKET_SIZE];

    write_text(&anna, one);
    write_text(&root, other);
    strcpy(strrchr(other, '.'), strrchr(one, '.'));
    assert_int_equal(outcome(other, 1500), TICKET_FORGED);
}

static void test_other_key(_unused_ void **state)
{
    _cleanup_(ticket_done) struct ticket ticket = make("anna"), read = { .issued = 77 };
    char text[TICKET_SIZE];
    struct ticket_key key;

    write_text(&ticket, text);
    assert_int_equal(ticket_read(&OTHER_KEY, text, 1500, &read), TICKET_FORGED);
    for (size_t bit = 0; bit < sizeof(key.bytes) * 8; bit++) {
        key = KEY;
        key.bytes[bit / 8] ^= (uint8_t)(1 << bit % 8);
        assert_int_equal(ticket_read(&key, text, 1500, &read), TICKET_FORGED);
    }
    assert_int_equal(read.issued, 77);
}

/* --- signed, and yet no ticket --- */

static void test_signed_but_not_ours(_unused_ void **state)
{
    static const char *const BODIES[] = {
        "",
        ":",
        ":::::",
        "anna",
        "anna:password:1000:2000:" NUMBER,
        BODY "ops,admins",
        BODY "ops,ops",
        BODY "ops,",
        BODY ",ops",
        BODY ",",
        BODY "ops:",
        BODY "o ps",
        BODY "ops\n",
        BODY "o\xe2\x80\xaeps",
        BODY "<b>",
        ":password:1000:2000:" NUMBER ":",
        "an\nna:password:1000:2000:" NUMBER ":",
        "<b>:password:1000:2000:" NUMBER ":",
        "\xe2\x80\xae:password:1000:2000:" NUMBER ":",
        "anna:nobody:1000:2000:" NUMBER ":",
        "anna:uid:1000:2000:" NUMBER ":",
        "anna:proxy:1000:2000:" NUMBER ":",
        "anna:Password:1000:2000:" NUMBER ":",
        "anna::1000:2000:" NUMBER ":",
        "anna:password: 1000:2000:" NUMBER ":",
        "anna:password:+1000:2000:" NUMBER ":",
        "anna:password:01000:2000:" NUMBER ":",
        "anna:password:1000:2000 :" NUMBER ":",
        "anna:password:-1:2000:" NUMBER ":",
        "anna:password:0x1:2000:" NUMBER ":",
        "anna:password:1000:99999999999999999999:" NUMBER ":",
        "anna:password:1000:18446744073709551615:" NUMBER ":",
        "anna:password:1000:9999999999:" NUMBER ":",
        "anna:password:2000:1000:" NUMBER ":",
        "anna:password:1500:1500:" NUMBER ":",
        "anna:password:1000:2000::",
        "anna:password:1000:2000:000102030405060708090A0B0C0D0E0F:",
        "anna:password:1000:2000:000102030405060708090a0b0c0d0e:",
        "anna:password:1000:2000:000102030405060708090a0b0c0d0e0f10:",
        "anna:password:1000:2000:0g0102030405060708090a0b0c0d0e0f:",
        "anna:password:1000:2000:0x0102030405060708090a0b0c0d0e0f:",
        BODY BODY,
    };

    assert_int_equal(outcome_of_body(BODY), TICKET_GOOD);
    assert_int_equal(outcome_of_body(BODY "admins,ops"), TICKET_GOOD);
    for (size_t i = 0; i < sizeof(BODIES) / sizeof(*BODIES); i++)
        if (outcome_of_body(BODIES[i]) != TICKET_MALFORMED)
            fail_msg("\"%s\" is taken", BODIES[i]);
}

static void test_names_of_300(_unused_ void **state)
{
    char name[301], body[1024];

    memset(name, 'a', 300);
    name[300] = '\0';
    (void)snprintf(body, sizeof(body), "%s:password:1000:2000:" NUMBER ":", name);
    assert_int_equal(outcome_of_body(body), TICKET_MALFORMED);
    (void)snprintf(body, sizeof(body), BODY "%s", name);
    assert_int_equal(outcome_of_body(body), TICKET_MALFORMED);
}

static void test_more_groups_than_anybody_has(_unused_ void **state)
{
    char body[SIGNING_BODY_MAX];
    size_t used = (size_t)snprintf(body, sizeof(body), BODY);

    for (unsigned i = 0; i <= PERSON_GROUPS_MAX; i++)
        used += (size_t)snprintf(body + used, sizeof(body) - used, "%sg%03u", i > 0 ? "," : "", i);
    assert_int_equal(outcome_of_body(body), TICKET_MALFORMED);
}

/* A NUL in what is signed, other versions, padding, blanks, and bits that nobody reads. */
static void test_said_in_another_way(_unused_ void **state)
{
    static const struct {
        const char *before, *after;
    } WAYS[] = { { "1.", "=" }, { "1.", "==" }, { "1. ", "" }, { "1.", "\n" }, { "1", "" },
                 { "2.", "" },  { "01.", "" },  { ".", "" },   { "1..", "" } };
    char text[SIGNING_TEXT_SIZE], body64[256], way[512];
    const char with_nul[] = BODY "ops\0more";

    signing_body(&KEY, with_nul, sizeof(with_nul) - 1, text);
    assert_int_equal(outcome(text, 1500), TICKET_MALFORMED);
    signing_encode((const uint8_t *)BODY "op", strlen(BODY "op"), body64);
    for (size_t i = 0; i < sizeof(WAYS) / sizeof(*WAYS); i++) {
        (void)snprintf(way, sizeof(way), "%s%s%s", WAYS[i].before, body64, WAYS[i].after);
        signing_sign(&KEY, way, text);
        assert_int_equal(outcome(text, 1500), TICKET_MALFORMED);
    }
    (void)snprintf(way, sizeof(way), "1.%s", body64);
    signing_sign(&KEY, way, text);
    assert_int_equal(outcome(text, 1500), TICKET_GOOD);
    way[strlen(way) - 1]++;
    signing_sign(&KEY, way, text);
    assert_int_equal(outcome(text, 1500), TICKET_MALFORMED);
}

/* What was signed and then changed at random is still no other ticket. */
static void test_random_bodies(_unused_ void **state)
{
    struct random random = random_new(0);
    char text[SIGNING_TEXT_SIZE], again[TICKET_SIZE];
    struct ticket read;

    for (unsigned i = 0; i < random_rounds(20000); i++) {
        char body[] = BODY "admins,ops";

        for (size_t n = random_below(&random, 3); n-- > 0;)
            body[random_below(&random, sizeof(body) - 1)] = (char)random_below(&random, 256);
        signing_body(&KEY, body, sizeof(body) - 1, text);
        if (ticket_read(&KEY, text, 1500, &read) != TICKET_GOOD)
            continue;
        assert_int_equal(ticket_write(&KEY, &read, again), 0);
        assert_string_equal(text, again);
        ticket_done(&read);
    }
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
        cmocka_unit_test(test_text),
        cmocka_unit_test(test_groups_up_to_the_bound),
        cmocka_unit_test(test_not_fit_to_be_written),
        cmocka_unit_test(test_clock),
        cmocka_unit_test(test_cut_at_every_length),
        cmocka_unit_test(test_grown),
        cmocka_unit_test(test_every_bit_flipped),
        cmocka_unit_test(test_put_together),
        cmocka_unit_test(test_other_key),
        cmocka_unit_test(test_signed_but_not_ours),
        cmocka_unit_test(test_names_of_300),
        cmocka_unit_test(test_more_groups_than_anybody_has),
        cmocka_unit_test(test_said_in_another_way),
        cmocka_unit_test(test_random_bodies),
        cmocka_unit_test(test_words),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
