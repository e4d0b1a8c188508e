/* Who asks: the grammar of names, byte by byte, and groups up to their bound. */
#include "common/person.h"

#include <stdio.h>
#include <string.h>

#include "common/cleanup.h"
#include "tests/unit/test.h"

#define X8 "xxxxxxxx"
#define X64 X8 X8 X8 X8 X8 X8 X8 X8

static void test_names(_unused_ void **state)
{
    static const char *const GOOD[] = { "a",  "_",   "0", "A.b", "anna-maria", "anna@example.org",
                                        "_x", "a_b", X64, "x-",  "uid" };
    static const char *const BAD[] = {
        "",    "-a",     ".a",  "@a",       "*",     "a b",   "a:b",
        "a,b", "a\n",    "a\t", "\xc3\xa9", "a\x7f", X64 "x", X64 X64 X64 X64 X64,
        "a/b", "a\\x2d", "%u",  "a$",       "a+b",   "uid:0"
    };

    for (size_t i = 0; i < sizeof(GOOD) / sizeof(*GOOD); i++)
        assert_true(person_name_valid(GOOD[i]));
    for (size_t i = 0; i < sizeof(BAD) / sizeof(*BAD); i++)
        assert_false(person_name_valid(BAD[i]));
}

static void test_every_byte(_unused_ void **state)
{
    static const char FIRST[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_";

    for (int byte = 1; byte < 256; byte++) {
        const char first[] = { (char)byte, 'x', '\0' }, last[] = { 'x', (char)byte, '\0' };
        bool begins = strchr(FIRST, byte) != NULL;

        assert_int_equal(person_name_valid(first), begins);
        assert_int_equal(person_name_valid(last), begins || strchr(".@-", byte) != NULL);
    }
}

/* Whatever is wrong leaves nobody, also where somebody was before. */
static void test_set(_unused_ void **state)
{
    struct person person = { 0 };

    assert_false(person_is_known(&person));
    assert_int_equal(person_set(&person, "anna", PERSON_UID), 0);
    assert_true(person_is_known(&person));
    assert_int_equal(person_set(&person, "an na", PERSON_UID), PERSON_E_NAME);
    assert_false(person_is_known(&person));
    assert_string_equal(person.name, "");
    assert_int_equal(person_set(&person, "anna", PERSON_NOBODY), PERSON_E_NAME);
    assert_false(person_is_known(&person));
    assert_int_equal(person_set(&person, "anna", PERSON_KNOWN), PERSON_E_NAME);
    assert_false(person_is_known(&person));
}

static void test_groups(_unused_ void **state)
{
    _cleanup_(person_done) struct person person = { 0 };
    char group[16];

    assert_int_equal(person_add_group(&person, "a b"), PERSON_E_NAME);
    for (unsigned i = 0; i < PERSON_GROUPS_MAX; i++) {
        (void)snprintf(group, sizeof(group), "g%u", i);
        assert_int_equal(person_add_group(&person, group), 0);
        assert_int_equal(person_add_group(&person, group), 0);
    }
    assert_int_equal(person.n_groups, PERSON_GROUPS_MAX);
    assert_int_equal(person_add_group(&person, "one-more"), PERSON_E_TOO_MANY);
    assert_int_equal(person_add_group(&person, "g0"), 0);
    assert_true(person_in_group(&person, "g63"));
    assert_false(person_in_group(&person, "g"));
    assert_false(person_in_group(&person, "one-more"));
    person_done(&person);
    assert_false(person_in_group(&person, "g0"));
    assert_false(person_is_known(&person));
}

static void test_words(_unused_ void **state)
{
    for (int i = 0; i < PERSON_KNOWN; i++)
        assert_non_null(person_known_to_string((enum person_known)i));
    assert_string_equal(person_known_to_string(PERSON_KNOWN), "nobody");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_names),  cmocka_unit_test(test_every_byte), cmocka_unit_test(test_set),
        cmocka_unit_test(test_groups), cmocka_unit_test(test_words),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
