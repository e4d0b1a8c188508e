/* Sessions share masters, a full one is followed by another one, and nobody who would make a master has
 * company. */
#include "far/ways.h"

#include <string.h>

#include "common/cleanup.h"
#include "tests/unit/test.h"

static void test_the_first_goes_alone(_unused_ void **state)
{
    struct ways ways = { .taken = { false } };

    assert_int_equal(ways_take(&ways), 0);
    assert_int_equal(ways_take(&ways), -1);
    ways_opened(&ways, 0);
    /* By a master that is there go as many at once as come. */
    assert_int_equal(ways_take(&ways), 1);
    assert_int_equal(ways_take(&ways), 2);
}

static void test_one_master_is_filled_before_the_next(_unused_ void **state)
{
    struct ways ways = { .taken = { false } };

    for (int i = 0; i < WAYS_MAX; i++) {
        assert_int_equal(ways_take(&ways), i);
        ways_opened(&ways, i);
    }
    assert_int_equal(ways_take(&ways), -1);
    ways_give(&ways, 3, true);
    assert_int_equal(ways_take(&ways), 3);
}

/* Whoever was the first and failed makes room for another first one. */
static void test_one_that_failed(_unused_ void **state)
{
    struct ways ways = { .taken = { false } };

    assert_int_equal(ways_take(&ways), 0);
    ways_give(&ways, 0, false);
    assert_int_equal(ways_take(&ways), 0);
    ways_opened(&ways, 0);
    ways_give(&ways, 0, true);
    assert_int_equal(ways_take(&ways), 0);
}

/* An idle master may have gone: it is made anew by one, and not by all. */
static void test_all_have_left(_unused_ void **state)
{
    struct ways ways = { .taken = { false } };

    assert_int_equal(ways_take(&ways), 0);
    ways_opened(&ways, 0);
    assert_int_equal(ways_take(&ways), 1);
    ways_give(&ways, 0, true);
    /* The second one is on its way yet, by a master that has nobody else: that one may be made by somebody
     * new. */
    assert_int_equal(ways_take(&ways), 0);
    ways_give(&ways, 1, false);
    assert_int_equal(ways_take(&ways), -1);
    ways_opened(&ways, 0);
    assert_int_equal(ways_take(&ways), 1);
}

static bool has(const char *const *options, const char *word)
{
    for (; *options; options++)
        if (strcmp(*options, word) == 0)
            return true;
    return false;
}

static void test_what_ssh_is_told(_unused_ void **state)
{
    const char *const *options = ways_options(WAYS_SESSIONS + 1, "/run/credentials/x");

    assert_true(has(options, "-Fnone"));
    assert_true(has(options, "-oIdentityFile=/run/credentials/x/key"));
    assert_true(has(options, "-oUserKnownHostsFile=/run/credentials/x/known_hosts"));
    assert_true(has(options, "-oStrictHostKeyChecking=yes"));
    assert_true(has(options, "-oControlPath=master-1"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_first_goes_alone),
        cmocka_unit_test(test_one_master_is_filled_before_the_next),
        cmocka_unit_test(test_one_that_failed),
        cmocka_unit_test(test_all_have_left),
        cmocka_unit_test(test_what_ssh_is_told),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
