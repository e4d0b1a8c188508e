/* Which cookie counts as somebody's ticket: one of ours, once, of a ticket's alphabet; and none that a
 * sibling of this host can set where TLS vouches for the way. */
#include "webfront/requests/cookie.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/cleanup.h"
#include "tests/unit/test.h"

#define T "1.YW5uYQ.c2lnbmVk-_"
#define ABSENT NULL
#define GOOD T
#define OTHER "other"

static const char UNFIT[] = "unfit", TWICE[] = "twice";

static const struct cookie_case {
    const char *header;
    const char *plainly, *over_tls; /* what is read */
} CASES[] = {
    { NULL, ABSENT, ABSENT },
    { "", ABSENT, ABSENT },
    { ";", ABSENT, ABSENT },
    { ";;; ; =; ==", ABSENT, ABSENT },
    { "restarter", ABSENT, ABSENT },
    { "restarter=" T, GOOD, ABSENT },
    { "__Host-restarter=" T, GOOD, GOOD },
    { "  restarter=" T "\t", GOOD, ABSENT },
    /* Others around it, with whatever in them. */
    { "a=b; restarter=" T "; c=d", GOOD, ABSENT },
    { "a=b;restarter=" T ";c=d", GOOD, ABSENT },
    { "a=\"x, y\"; __Host-restarter=" T "; \xff=\x01", GOOD, GOOD },
    { "restarter2=x; xrestarter=y; restarter=" T "; restarte=z", GOOD, ABSENT },
    { "a=restarter; restarter=" T, GOOD, ABSENT },
    { "a=b=restarter=x; restarter=" T, GOOD, ABSENT },
    /* Names are compared byte by byte. */
    { "Restarter=" T, ABSENT, ABSENT },
    { "__host-restarter=" T, ABSENT, ABSENT },
    { "__HOST-restarter=" T, ABSENT, ABSENT },
    { "__Host-Restarter=" T, ABSENT, ABSENT },
    { "__Secure-restarter=" T, ABSENT, ABSENT },
    { "restarter =" T, ABSENT, ABSENT },
    { "=restarter=" T, ABSENT, ABSENT },
    { "$restarter=" T, ABSENT, ABSENT },
    /* Twice: one is somebody else's. */
    { "restarter=" T "; restarter=" T, TWICE, ABSENT },
    { "restarter=" T "; restarter=other", TWICE, ABSENT },
    { "restarter=" T "; restarter=", TWICE, ABSENT },
    { "restarter=\"; restarter=" T "; \"", TWICE, ABSENT },
    { "__Host-restarter=" T "; __Host-restarter=other", TWICE, TWICE },
    { "__Host-restarter=" T "; restarter=x; __Host-restarter=" T, TWICE, TWICE },
    /* One that a sibling tossed beside a guarded one, or where only a guarded one counts. */
    { "restarter=other; __Host-restarter=" T, GOOD, GOOD },
    { "__Host-restarter=" T "; restarter=other; restarter=third", GOOD, GOOD },
    { "__Host-restarter=; restarter=other", UNFIT, UNFIT },
    { "restarter=other", OTHER, ABSENT },
    /* No ticket's letters. */
    { "restarter=", UNFIT, ABSENT },
    { "restarter=; a=b", UNFIT, ABSENT },
    { "restarter=\"" T "\"", UNFIT, ABSENT },
    { "restarter=" T ",", UNFIT, ABSENT },
    { "restarter=" T ", restarter=" T, UNFIT, ABSENT },
    { "restarter=" T " x", UNFIT, ABSENT },
    { "restarter=" T "=", UNFIT, ABSENT },
    { "restarter=" T "%41", UNFIT, ABSENT },
    { "restarter=" T "\r\nRestarter-Ticket: x", UNFIT, ABSENT },
    { "restarter=" T "\x7f", UNFIT, ABSENT },
    { "restarter=" T "\xc3\xa9", UNFIT, ABSENT },
    { "restarter=<script>", UNFIT, ABSENT },
    { "__Host-restarter=" T "\n", UNFIT, UNFIT },
    /* Cut: whether it is good, the broker knows. */
    { "restarter=1", "1", ABSENT },
};

static enum cookie_outcome outcome_of(const char *value)
{
    if (!value)
        return COOKIE_ABSENT;
    if (value == TWICE)
        return COOKIE_TWICE;
    return value == UNFIT ? COOKIE_UNFIT : COOKIE_TICKET;
}

static void assert_read(const char *header, bool tls, const char *value)
{
    char ticket[TICKET_SIZE] = "untouched";
    enum cookie_outcome outcome = outcome_of(value), got = cookie_read(header, tls, ticket);

    if (got != outcome || strcmp(ticket, outcome == COOKIE_TICKET ? value : "untouched") != 0)
        fail_msg("'%s'%s: %d '%s', and not %d '%s'", header ? header : "(null)", tls ? " over TLS" : "", got,
                 ticket, outcome, value ? value : "absent");
}

static void test_reading(_unused_ void **state)
{
    for (size_t i = 0; i < sizeof(CASES) / sizeof(*CASES); i++) {
        assert_read(CASES[i].header, false, CASES[i].plainly);
        assert_read(CASES[i].header, true, CASES[i].over_tls);
    }
}

/* A ticket of so many bytes. */
static void assert_length(size_t length, bool fits)
{
    _cleanup_(freep) char *header = malloc(length + 32), *value = malloc(length + 1);

    assert_non_null(header);
    assert_non_null(value);
    memset(value, 'A', length);
    value[length] = '\0';
    strcpy(stpcpy(header, "restarter="), value);
    assert_read(header, false, fits ? value : UNFIT);
}

static void test_length(_unused_ void **state)
{
    assert_length(TICKET_SIZE - 1, true);
    assert_length(TICKET_SIZE, false);
    assert_length(TICKET_SIZE + 1, false);
    assert_length(8192, false);
}

/* 8 kB of other people's cookies are nothing to us. */
static void test_many_others(_unused_ void **state)
{
    char header[8192], *at = header;

    while (at < header + 8000)
        at = stpcpy(at, "restarted=no; ");
    strcpy(at, "restarter=" T);
    assert_read(header, false, GOOD);
}

/* Every byte of a ticket made every other byte: it is taken with a ticket's letters alone. */
static void test_alphabet(_unused_ void **state)
{
    static const char LETTERS[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-";
    char header[] = "__Host-restarter=aXb";

    for (int byte = 1; byte < 256; byte++) {
        bool cut = byte == ';', fit = strchr(LETTERS, byte);
        const char value[] = { 'a', (char)byte, 'b', '\0' };

        header[sizeof(header) - 3] = (char)byte;
        assert_read(header, true, cut ? "a" : fit ? value : UNFIT);
    }
}

static void test_setting(_unused_ void **state)
{
    char text[COOKIE_SET_SIZE], longest[TICKET_SIZE];

    assert_string_equal(cookie_set(T, false, 7200, text),
                        "restarter=" T "; Max-Age=7200; Path=/; HttpOnly; SameSite=Strict");
    assert_string_equal(cookie_set(T, true, 1, text),
                        "__Host-restarter=" T "; Max-Age=1; Path=/; HttpOnly; SameSite=Strict; Secure");
    memset(longest, 'A', sizeof(longest) - 1);
    longest[sizeof(longest) - 1] = '\0';
    assert_non_null(strstr(cookie_set(longest, true, UINT32_MAX, text), "; Secure"));
    assert_string_equal(COOKIE_CLEAR, "restarter=; Max-Age=0; Path=/; HttpOnly; SameSite=Strict");
    assert_string_equal(COOKIE_CLEAR_TLS,
                        "__Host-restarter=; Max-Age=0; Path=/; HttpOnly; SameSite=Strict; Secure");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_reading),  cmocka_unit_test(test_length),  cmocka_unit_test(test_many_others),
        cmocka_unit_test(test_alphabet), cmocka_unit_test(test_setting),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
