/* What was written as a ticket and is none any more: cut, grown, changed by one bit, signed with another key,
 * or said in another way than the one there is. */
#include "common/ticket.h"

#include <stdio.h>
#include <string.h>

#include "common/cleanup.h"
#include "tests/unit/random.h"
#include "tests/unit/signing.h"
#include "tests/unit/ticket-texts.h"
#include "tests/unit/test.h"

/* --- changed --- */

static void test_cut_at_every_length(_unused_ void **state)
{
    _cleanup_(ticket_done) struct ticket ticket = ticket_of("anna");
    char text[TICKET_SIZE];

    ticket_add_group(&ticket, "ops");
    ticket_text(&ticket, text);
    for (size_t length = strlen(text); length-- > 0;) {
        text[length] = '\0';
        assert_in_range(ticket_outcome(text, 1500), TICKET_MALFORMED, TICKET_FORGED);
    }
    ticket_text(&ticket, text);
    for (const char *from = text + 1; *from; from++)
        assert_in_range(ticket_outcome(from, 1500), TICKET_MALFORMED, TICKET_FORGED);
}

/* By any byte, at any place, within the bound and beyond it. */
static void test_grown(_unused_ void **state)
{
    _cleanup_(ticket_done) struct ticket ticket = ticket_of("anna");
    char text[TICKET_SIZE], grown[2 * TICKET_SIZE];

    ticket_text(&ticket, text);
    for (size_t at = 0; at <= strlen(text); at++)
        for (int byte = 1; byte < 256; byte++) {
            (void)snprintf(grown, sizeof(grown), "%.*s%c%s", (int)at, text, byte, text + at);
            assert_in_range(ticket_outcome(grown, 1500), TICKET_MALFORMED, TICKET_FORGED);
        }
    memset(grown, 'A', sizeof(grown));
    memcpy(grown, text, strlen(text));
    grown[sizeof(grown) - 1] = '\0';
    assert_int_equal(ticket_outcome(grown, 1500), TICKET_MALFORMED);
    (void)snprintf(grown, sizeof(grown), "%s%s", text, text);
    assert_in_range(ticket_outcome(grown, 1500), TICKET_MALFORMED, TICKET_FORGED);
}

static void test_every_bit_flipped(_unused_ void **state)
{
    _cleanup_(ticket_done) struct ticket ticket = ticket_of("anna");
    char text[TICKET_SIZE];
    size_t length;

    ticket_add_group(&ticket, "ops");
    ticket_text(&ticket, text);
    length = strlen(text);
    for (size_t bit = 0; bit < length * 8; bit++) {
        text[bit / 8] = (char)(text[bit / 8] ^ (1 << bit % 8));
        assert_in_range(ticket_outcome(text, 1500), TICKET_MALFORMED, TICKET_FORGED);
        text[bit / 8] = (char)(text[bit / 8] ^ (1 << bit % 8));
    }
    assert_int_equal(ticket_outcome(text, 1500), TICKET_GOOD);
}

/* The body of one and the MAC of another, both good. */
static void test_put_together(_unused_ void **state)
{
    _cleanup_(ticket_done) struct ticket anna = ticket_of("anna"), root = ticket_of("root");
    char one[TICKET_SIZE], other[TICKET_SIZE];

    ticket_text(&anna, one);
    ticket_text(&root, other);
    strcpy(strrchr(other, '.'), strrchr(one, '.'));
    assert_int_equal(ticket_outcome(other, 1500), TICKET_FORGED);
}

static void test_other_key(_unused_ void **state)
{
    _cleanup_(ticket_done) struct ticket ticket = ticket_of("anna"), read = { .issued = 77 };
    char text[TICKET_SIZE];
    struct ticket_key key;

    ticket_text(&ticket, text);
    assert_int_equal(ticket_read(&TICKET_OTHER_KEY, text, 1500, &read), TICKET_FORGED);
    for (size_t bit = 0; bit < sizeof(key.bytes) * 8; bit++) {
        key = TICKET_KEY;
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
        "anna:password:1000:2000:" TICKET_NUMBER,
        TICKET_BODY "ops,admins",
        TICKET_BODY "ops,ops",
        TICKET_BODY "ops,",
        TICKET_BODY ",ops",
        TICKET_BODY ",",
        TICKET_BODY "ops:",
        TICKET_BODY "o ps",
        TICKET_BODY "ops\n",
        TICKET_BODY "o\xe2\x80\xaeps",
        TICKET_BODY "<b>",
        ":password:1000:2000:" TICKET_NUMBER ":",
        "an\nna:password:1000:2000:" TICKET_NUMBER ":",
        "<b>:password:1000:2000:" TICKET_NUMBER ":",
        "\xe2\x80\xae:password:1000:2000:" TICKET_NUMBER ":",
        "anna:nobody:1000:2000:" TICKET_NUMBER ":",
        "anna:uid:1000:2000:" TICKET_NUMBER ":",
        "anna:proxy:1000:2000:" TICKET_NUMBER ":",
        "anna:Password:1000:2000:" TICKET_NUMBER ":",
        "anna::1000:2000:" TICKET_NUMBER ":",
        "anna:password: 1000:2000:" TICKET_NUMBER ":",
        "anna:password:+1000:2000:" TICKET_NUMBER ":",
        "anna:password:01000:2000:" TICKET_NUMBER ":",
        "anna:password:1000:2000 :" TICKET_NUMBER ":",
        "anna:password:-1:2000:" TICKET_NUMBER ":",
        "anna:password:0x1:2000:" TICKET_NUMBER ":",
        "anna:password:1000:99999999999999999999:" TICKET_NUMBER ":",
        "anna:password:1000:18446744073709551615:" TICKET_NUMBER ":",
        "anna:password:1000:9999999999:" TICKET_NUMBER ":",
        "anna:password:2000:1000:" TICKET_NUMBER ":",
        "anna:password:1500:1500:" TICKET_NUMBER ":",
        "anna:password:1000:2000::",
        "anna:password:1000:2000:000102030405060708090A0B0C0D0E0F:",
        "anna:password:1000:2000:000102030405060708090a0b0c0d0e:",
        "anna:password:1000:2000:000102030405060708090a0b0c0d0e0f10:",
        "anna:password:1000:2000:0g0102030405060708090a0b0c0d0e0f:",
        "anna:password:1000:2000:0x0102030405060708090a0b0c0d0e0f:",
        TICKET_BODY TICKET_BODY,
    };

    assert_int_equal(ticket_body_outcome(TICKET_BODY), TICKET_GOOD);
    assert_int_equal(ticket_body_outcome(TICKET_BODY "admins,ops"), TICKET_GOOD);
    for (size_t i = 0; i < sizeof(BODIES) / sizeof(*BODIES); i++)
        if (ticket_body_outcome(BODIES[i]) != TICKET_MALFORMED)
            fail_msg("\"%s\" is taken", BODIES[i]);
}

static void test_names_of_300(_unused_ void **state)
{
    char name[301], body[1024];

    memset(name, 'a', 300);
    name[300] = '\0';
    (void)snprintf(body, sizeof(body), "%s:password:1000:2000:" TICKET_NUMBER ":", name);
    assert_int_equal(ticket_body_outcome(body), TICKET_MALFORMED);
    (void)snprintf(body, sizeof(body), TICKET_BODY "%s", name);
    assert_int_equal(ticket_body_outcome(body), TICKET_MALFORMED);
}

static void test_more_groups_than_anybody_has(_unused_ void **state)
{
    char body[SIGNING_BODY_MAX];
    size_t used = (size_t)snprintf(body, sizeof(body), TICKET_BODY);

    for (unsigned i = 0; i <= PERSON_GROUPS_MAX; i++)
        used += (size_t)snprintf(body + used, sizeof(body) - used, "%sg%03u", i > 0 ? "," : "", i);
    assert_int_equal(ticket_body_outcome(body), TICKET_MALFORMED);
}

/* A NUL in what is signed, other versions, padding, blanks, and bits that nobody reads. */
static void test_said_in_another_way(_unused_ void **state)
{
    static const struct {
        const char *before, *after;
    } WAYS[] = { { "1.", "=" }, { "1.", "==" }, { "1. ", "" }, { "1.", "\n" }, { "1", "" },
                 { "2.", "" },  { "01.", "" },  { ".", "" },   { "1..", "" } };
    char text[SIGNING_TEXT_SIZE], body64[256], way[512];
    const char with_nul[] = TICKET_BODY "ops\0more";

    signing_body(&TICKET_KEY, with_nul, sizeof(with_nul) - 1, text);
    assert_int_equal(ticket_outcome(text, 1500), TICKET_MALFORMED);
    signing_encode((const uint8_t *)TICKET_BODY "op", strlen(TICKET_BODY "op"), body64);
    for (size_t i = 0; i < sizeof(WAYS) / sizeof(*WAYS); i++) {
        (void)snprintf(way, sizeof(way), "%s%s%s", WAYS[i].before, body64, WAYS[i].after);
        signing_sign(&TICKET_KEY, way, text);
        assert_int_equal(ticket_outcome(text, 1500), TICKET_MALFORMED);
    }
    (void)snprintf(way, sizeof(way), "1.%s", body64);
    signing_sign(&TICKET_KEY, way, text);
    assert_int_equal(ticket_outcome(text, 1500), TICKET_GOOD);
    way[strlen(way) - 1]++;
    signing_sign(&TICKET_KEY, way, text);
    assert_int_equal(ticket_outcome(text, 1500), TICKET_MALFORMED);
}

/* What was signed and then changed at random is still no other ticket. */
static void test_random_bodies(_unused_ void **state)
{
    struct random random = random_new(0);
    char text[SIGNING_TEXT_SIZE], again[TICKET_SIZE];
    struct ticket read;

    for (unsigned i = 0; i < random_rounds(20000); i++) {
        char body[] = TICKET_BODY "admins,ops";

        for (size_t n = random_below(&random, 3); n-- > 0;)
            body[random_below(&random, sizeof(body) - 1)] = (char)random_below(&random, 256);
        signing_body(&TICKET_KEY, body, sizeof(body) - 1, text);
        if (ticket_read(&TICKET_KEY, text, 1500, &read) != TICKET_GOOD)
            continue;
        assert_int_equal(ticket_write(&TICKET_KEY, &read, again), 0);
        assert_string_equal(text, again);
        ticket_done(&read);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_cut_at_every_length), cmocka_unit_test(test_grown),
        cmocka_unit_test(test_every_bit_flipped),   cmocka_unit_test(test_put_together),
        cmocka_unit_test(test_other_key),           cmocka_unit_test(test_signed_but_not_ours),
        cmocka_unit_test(test_names_of_300),        cmocka_unit_test(test_more_groups_than_anybody_has),
        cmocka_unit_test(test_said_in_another_way), cmocka_unit_test(test_random_bodies),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
