/* Entity tags: the same for the same bytes, and found in an If-None-Match however that is written; what
 * cannot be read there has none. */
#include "webfront/requests/etag.h"

#include <stdio.h>
#include <string.h>

#include "common/cleanup.h"
#include "tests/unit/test.h"

static void test_made(_unused_ void **state)
{
    char one[ETAG_SIZE], same[ETAG_SIZE], other[ETAG_SIZE], none[ETAG_SIZE];

    etag_make("one", 3, one);
    etag_make("one and more", 3, same);
    etag_make("two", 3, other);
    etag_make("", 0, none);
    assert_int_equal(strlen(one), ETAG_SIZE - 1);
    assert_string_equal(one, same);
    assert_string_not_equal(one, other);
    assert_string_not_equal(one, none);
    /* sha256sum says so. */
    assert_string_equal(none, "W/\"e3b0c44298fc1c149afbf4c8996fb924\"");
}

static void test_among(_unused_ void **state)
{
    static const char TAG[] = "W/\"abc\"";
    static const char *const HAVE[] = {
        "W/\"abc\"",           "\"abc\"", " \t\"abc\" ", "\"x\", W/\"abc\"", "\"x\",\"abc\",\"y\"",
        "W/\"x,y\" , \"abc\"", "*",       " * ",         ", ,\"abc\""
    };
    static const char *const HAVE_NOT[] = {
        "",      "abc", "\"ab\"",     "\"abcd\"",   "\"ABC\"",   "w/\"abc\"", "W/abc",
        "\"abc", "**",  "*, \"abc\"", "W/ \"abc\"", "x \"abc\"", "\"W/\"abc", "\"x,\\\"abc\\\""
    };

    assert_false(etag_is_among(NULL, TAG));
    for (size_t i = 0; i < sizeof(HAVE) / sizeof(*HAVE); i++)
        if (!etag_is_among(HAVE[i], TAG))
            fail_msg("not found in %s", HAVE[i]);
    for (size_t i = 0; i < sizeof(HAVE_NOT) / sizeof(*HAVE_NOT); i++)
        if (etag_is_among(HAVE_NOT[i], TAG))
            fail_msg("found in %s", HAVE_NOT[i]);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(test_made), cmocka_unit_test(test_among) };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
