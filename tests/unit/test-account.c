/* Accounts of the machine: the name service's word for who they are, and nobody for what is no name of a
 * person. */
#include "login/account.h"

#include <string.h>

#include "tests/unit/test.h"

static void test_root(_unused_ void **state)
{
    _cleanup_(person_done) struct person person = { .name = "" };
    struct account account;
    size_t n = 0;

    assert_int_equal(account_find("root", &account), 0);
    assert_string_equal(account.name, "root");
    assert_int_equal(account.uid, 0);
    assert_int_equal(person_set(&person, "root", PERSON_PAM), 0);
    assert_int_equal(account_groups(&account, &person, &n), 0);
    assert_int_equal(n, person.n_groups);
    assert_string_equal(person.groups[0], "root");
}

static void test_nobody(_unused_ void **state)
{
    static const char *const NAMES[] = {
        "", "nobody-of-that-name", "0", "root ", "ro ot", "-root", "root\n", "../root"
    };
    char longer[80] = { 0 };
    struct account account = { .uid = 4711 };

    memset(longer, 'a', sizeof(longer) - 1);
    assert_int_equal(account_find(longer, &account), ACCOUNT_E_NONE);
    for (size_t i = 0; i < sizeof(NAMES) / sizeof(*NAMES); i++)
        assert_int_equal(account_find(NAMES[i], &account), ACCOUNT_E_NONE);
    assert_int_equal(account.uid, 4711);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_root),
        cmocka_unit_test(test_nobody),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
