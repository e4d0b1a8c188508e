/* HTTP Basic, to the byte: what programs send is taken, and whatever is nearly that is refused. */
#include "webfront/requests/basic.h"

#include <nettle/base64.h>
#include <stdio.h>
#include <string.h>

#include "tests/unit/random.h"
#include "tests/unit/test.h"
#include "webfront/requests/asker.h"

static void test_good(void **state)
{
    static const struct {
        const char *value, *user, *password;
    } CASES[] = {
        { "Basic YW5uYTpzZWNyZXQ=", "anna", "secret" }, { "basic YW5uYTpzZWNyZXQ=", "anna", "secret" },
        { "BASIC YW5uYTpzZWNyZXQ=", "anna", "secret" }, { "Basic YTo=", "a", "" },
        { "Basic YW5uYTphOmI6", "anna", "a:b:" },       { "Basic YW5uYTogIA==", "anna", "  " },
        { "Basic YW5uYTrDqQ==", "anna", "\xc3\xa9" },   { "Basic /zo+Pw==", "\xff", ">?" },
    };
    struct basic basic;

    (void)state;
    for (size_t i = 0; i < sizeof(CASES) / sizeof(*CASES); i++) {
        assert_int_equal(basic_parse(CASES[i].value, &basic), BASIC_GIVEN);
        assert_string_equal(basic.user, CASES[i].user);
        assert_string_equal(basic.password, CASES[i].password);
    }
}

static void test_absent(void **state)
{
    static const char *const VALUES[] = { NULL,          "",           "Bearer abc", "Basic",
                                          "Basicx YTo=", "Digest a=b", " Basic YTo=" };
    struct basic basic;

    (void)state;
    for (size_t i = 0; i < sizeof(VALUES) / sizeof(*VALUES); i++)
        assert_int_equal(basic_parse(VALUES[i], &basic), BASIC_ABSENT);
}

static void test_malformed(void **state)
{
    static const char *const VALUES[] = {
        "Basic ",
        "Basic  YTo=", /* two blanks */
        "Basic YTo= ",
        "Basic YTo",   /* no padding */
        "Basic YTo==", /* too much of it */
        "Basic YTo=YTo=",
        "Basic YTp=", /* bits behind the last byte */
        "Basic YT o=",
        "Basic YTo=\t",
        "Basic Y\tTo=",
        "Basic YW5uYTp_", /* base64url */
        "Basic YW5uYTp-",
        "Basic YTo=, Basic YTo=",
        "Basic YW5uYQ==",     /* no colon */
        "Basic OnNlY3JldA==", /* no user */
        "Basic Og==",
        "Basic YQBhOmI=", /* a NUL */
        "Basic YTphAA==",
        "Basic YTpiCg==", /* a newline */
        "Basic YQ06Yg==", /* a carriage return, in the user */
        "Basic YTpif38=", /* DEL */
        "Basic anna:secret",
        "Basic \xc3\xa9",
    };
    struct basic basic = { .user = "untouched" };

    (void)state;
    for (size_t i = 0; i < sizeof(VALUES) / sizeof(*VALUES); i++) {
        if (basic_parse(VALUES[i], &basic) != BASIC_MALFORMED)
            fail_msg("%s", VALUES[i]);
        assert_string_equal(basic.user, "untouched");
    }
}

static enum basic_outcome parse_lengths(size_t user, size_t password, struct basic *ret)
{
    char plain[2048], coded[4096] = "Basic ";
    size_t size = user + 1 + password;

    memset(plain, 'u', user);
    plain[user] = ':';
    memset(plain + user + 1, 'p', password);
    base64_encode_raw(coded + 6, size, (const uint8_t *)plain);
    coded[6 + BASE64_ENCODE_RAW_LENGTH(size)] = '\0';
    return basic_parse(coded, ret);
}

static void test_bounds(void **state)
{
    struct basic basic;

    (void)state;
    assert_int_equal(parse_lengths(255, 511, &basic), BASIC_GIVEN);
    assert_int_equal(strlen(basic.user), 255);
    assert_int_equal(strlen(basic.password), 511);
    assert_int_equal(parse_lengths(256, 510, &basic), BASIC_MALFORMED);
    assert_int_equal(parse_lengths(255, 512, &basic), BASIC_MALFORMED);
    assert_int_equal(parse_lengths(1, 512, &basic), BASIC_MALFORMED);
    assert_int_equal(parse_lengths(300, 5, &basic), BASIC_MALFORMED);
    assert_int_equal(parse_lengths(1000, 1000, &basic), BASIC_MALFORMED);
}

/* Whatever stands there: no crash, and what is given is in bounds. */
static void test_anything(void **state)
{
    char value[1200] = "Basic ";
    struct random random = random_new(1);
    struct basic basic;

    (void)state;
    for (unsigned i = 0; i < random_rounds(20000); i++) {
        size_t length = random_below(&random, 200);

        for (size_t j = 0; j < length; j++)
            value[6 + j] = random_char(&random, "ABCDabcd0123+/=OYTo \t-_");
        value[6 + length] = '\0';
        if (basic_parse(value, &basic) == BASIC_GIVEN)
            assert_true(basic.user[0] && strlen(basic.user) < sizeof(basic.user));
    }
}

static void test_askers(void **state)
{
    static const struct {
        const char *address, *asker;
    } CASES[] = {
        { "192.0.2.7:40312", "192.0.2.7" },
        { "192.0.2.7", "192.0.2.7" },
        { "[2001:db8::1]:40312", "2001:db8::/64" },
        { "[2001:db8:0:0:9:8:7:6]", "2001:db8::/64" },
        { "[2001:db8:0:1::1]:1", "2001:db8:0:1::/64" },
        { "[::ffff:192.0.2.7]:40312", "192.0.2.7" },
        { "local", "local" },
        { "?", "?" },
    };
    char asker[ASKER_SIZE];

    (void)state;
    for (size_t i = 0; i < sizeof(CASES) / sizeof(*CASES); i++)
        assert_string_equal(asker_of_address(CASES[i].address, asker), CASES[i].asker);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_good),   cmocka_unit_test(test_absent),   cmocka_unit_test(test_malformed),
        cmocka_unit_test(test_bounds), cmocka_unit_test(test_anything), cmocka_unit_test(test_askers),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
