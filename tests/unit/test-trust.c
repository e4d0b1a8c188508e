/* Whose the files of users and groups may be, and who else may read or write them: nobody. */
#include "common/accounts/trust.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/cleanup.h"
#include "tests/unit/test.h"

static char path[] = "/tmp/test-trust.XXXXXX";

static int set_up(_unused_ void **state)
{
    int fd = mkostemp(path, O_CLOEXEC);

    return fd < 0 ? -1 : close(fd);
}

static int tear_down(_unused_ void **state)
{
    return unlink(path);
}

/* Root's alone: whoever builds this as himself is not let in by his own file. */
static int expected(int outcome)
{
    return geteuid() == 0 ? outcome : MISTAKE;
}

static void test_modes(_unused_ void **state)
{
    struct mistake mistake;

    for (mode_t mode = 0; mode < 01000; mode++) {
        assert_int_equal(chmod(path, mode), 0);
        assert_int_equal(trust_users(path, &mistake), expected(mode & 077 ? MISTAKE : 0));
        assert_int_equal(trust_groups(path, &mistake), expected(mode & 022 ? MISTAKE : 0));
    }
}

static void test_owner(_unused_ void **state)
{
    struct mistake mistake;

    assert_int_equal(chmod(path, 0600), 0);
    if (chown(path, 65534, (gid_t)-1) < 0)
        skip();
    assert_int_equal(trust_users(path, &mistake), MISTAKE);
    assert_non_null(strstr(mistake.text, "does not belong to root"));
    assert_int_equal(trust_groups(path, &mistake), MISTAKE);
}

/* One that is not there is for those to judge who read it. */
static void test_no_file(_unused_ void **state)
{
    struct mistake mistake;

    assert_int_equal(trust_users("/nonexistent", &mistake), 0);
    assert_int_equal(trust_users("/dev/null", &mistake), MISTAKE);
    assert_int_equal(trust_groups("/tmp", &mistake), MISTAKE);
    assert_int_equal(trust_groups("/proc/self/exe", &mistake), MISTAKE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_modes),
        cmocka_unit_test(test_owner),
        cmocka_unit_test(test_no_file),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
