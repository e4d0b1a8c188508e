/* The brakes of logins: a few wrong ones and then one at a time, for a user and for all; in a file that may
 * be anything; by processes that end in between. */
#include "login/brake.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/cleanup.h"
#include "common/clock.h"
#include "tests/unit/test.h"

enum { NOW = 1000000000 };

static char directory[] = "/tmp/test-brake.XXXXXX", path[64];

static int set_up(_unused_ void **state)
{
    (void)snprintf(path, sizeof(path), "%s/brakes", mkdtemp(directory));
    return setenv("RUNTIME_DIRECTORY", directory, 1);
}

static int tear_down(_unused_ void **state)
{
    return rmdir(directory);
}

static int forget(_unused_ void **state)
{
    return unlink(path);
}

/* As a process of its own would: opened, asked, closed. Seconds, or 0 for one that may go on. */
static unsigned charge(uint64_t place, uint64_t now_usec)
{
    struct mistake mistake;
    unsigned seconds = 0;
    struct brake brake;
    int r;

    assert_int_equal(brake_open(&brake, &mistake), 0);
    r = brake_charge(&brake, place, now_usec, &seconds);
    brake_close(&brake);
    assert_in_range(r, BRAKE_GO, BRAKE_LATER);
    if (r == BRAKE_LATER)
        assert_in_range(seconds, 1, BRAKE_USER_SEC * BRAKE_USER_BURST);
    return seconds;
}

static void pay_back(uint64_t place)
{
    struct mistake mistake;
    struct brake brake;

    assert_int_equal(brake_open(&brake, &mistake), 0);
    assert_int_equal(brake_pay_back(&brake, place), 0);
    brake_close(&brake);
}

static void test_one_user(_unused_ void **state)
{
    const uint64_t step = BRAKE_USER_SEC * USEC_PER_SEC;

    for (unsigned i = 0; i < BRAKE_USER_BURST; i++)
        assert_int_equal(charge(7, NOW), 0);
    assert_int_equal(charge(7, NOW), BRAKE_USER_SEC);
    assert_int_equal(charge(7, NOW + step - USEC_PER_SEC), 1);
    assert_int_equal(charge(7, NOW + step - 1), 1);
    assert_int_equal(charge(7, NOW + step), 0);
    assert_int_equal(charge(7, NOW + step), BRAKE_USER_SEC);
    assert_int_equal(charge(8, NOW + step), 0);
    /* Asking while there is no room costs nothing. */
    for (unsigned i = 0; i < 100; i++)
        assert_true(charge(7, NOW + step) > 0);
    assert_int_equal(charge(7, NOW + 2 * step), 0);
    /* After a rest there is as much as at the beginning, and no more. */
    for (unsigned i = 0; i < BRAKE_USER_BURST; i++)
        assert_int_equal(charge(7, NOW + 100 * step), 0);
    assert_true(charge(7, NOW + 100 * step) > 0);
}

static void test_right_ones_cost_nothing(_unused_ void **state)
{
    for (unsigned i = 0; i < 1000; i++) {
        assert_int_equal(charge(7, NOW), 0);
        pay_back(7);
    }
    /* And take back none of the wrong ones. */
    for (unsigned i = 0; i < BRAKE_USER_BURST - 1; i++)
        assert_int_equal(charge(7, NOW), 0);
    assert_int_equal(charge(7, NOW), 0);
    pay_back(7);
    assert_int_equal(charge(7, NOW), 0);
    assert_true(charge(7, NOW) > 0);
}

static void test_all_together(_unused_ void **state)
{
    uint64_t later = NOW + BRAKE_TOTAL_MSEC * USEC_PER_MSEC;

    for (unsigned i = 0; i < BRAKE_TOTAL_BURST; i++)
        assert_int_equal(charge(i, NOW), 0);
    assert_int_equal(charge(1000, NOW), 1);
    assert_int_equal(charge(1001, later), 0);
    assert_int_equal(charge(1002, later), 1);
    /* Those who were turned away by this have lost none of their own. */
    for (unsigned i = 0; i < 2 * BRAKE_USER_BURST; i++)
        assert_int_equal(charge(1002, later), 1);
    for (unsigned i = 0; i < BRAKE_USER_BURST; i++)
        assert_int_equal(charge(1002, later + 10 * USEC_PER_SEC), 0);
}

/* Whoever is out of his own takes nothing from the others. */
static void test_one_who_hammers(_unused_ void **state)
{
    for (unsigned i = 0; i < 10000; i++)
        (void)charge(7, NOW);
    for (unsigned i = 0; i < BRAKE_TOTAL_BURST - BRAKE_USER_BURST; i++)
        assert_int_equal(charge(100 + i, NOW), 0);
}

static void test_any_place(_unused_ void **state)
{
    assert_int_equal(charge(0, NOW), 0);
    assert_int_equal(charge(UINT64_MAX, NOW), 0);
    assert_int_equal(charge(BRAKE_PLACES, NOW), 0);
}

/* Nothing that may be in the file locks anybody out for longer than a full count, nor makes it grow. */
static void test_any_file(_unused_ void **state)
{
    static const char BYTES[] = { '\0', '\1', '\x7f', '\xff' };
    static char data[3 * 8 * (2 * BRAKE_PLACES + 2)];
    const uint64_t full = BRAKE_USER_SEC * USEC_PER_SEC * BRAKE_USER_BURST;

    for (size_t i = 0; i < sizeof(BYTES); i++)
        for (size_t size = 0; size < sizeof(data); size += 16381) {
            FILE *file = fopen(path, "we");

            memset(data, BYTES[i], sizeof(data));
            assert_int_equal(fwrite(data, 1, size, file), size);
            assert_int_equal(fclose(file), 0);
            (void)charge(7, NOW);        /* the user's is put right, */
            (void)charge(7, NOW + full); /* and that of all; */
            assert_int_equal(charge(7, NOW + 2 * full), 0);
        }
}

static void test_no_folder(_unused_ void **state)
{
    struct brake brake = { .fd = -1 };
    struct mistake mistake;

    assert_int_equal(setenv("RUNTIME_DIRECTORY", "/nonexistent", 1), 0);
    assert_int_equal(brake_open(&brake, &mistake), MISTAKE);
    assert_int_equal(unsetenv("RUNTIME_DIRECTORY"), 0);
    assert_int_equal(brake_open(&brake, &mistake), MISTAKE);
    assert_int_equal(setenv("RUNTIME_DIRECTORY", directory, 1), 0);
    brake_close(&brake);
    brake.fd = open("/dev/full", O_RDWR | O_CLOEXEC);
    assert_true(brake_charge(&brake, 7, NOW, &(unsigned){ 0 }) < 0);
    /* Nobody is let in then, and the reason for it is not swallowed. */
    assert_true(brake_admit_words(&brake, NOW));
    assert_true(brake_admit_login(&brake, 7, NOW));
    brake_close(&brake);
}

static void test_words(_unused_ void **state)
{
    struct mistake mistake;
    unsigned admitted = 0;
    struct brake brake;

    assert_int_equal(brake_open(&brake, &mistake), 0);
    for (unsigned i = 0; i < 1000; i++)
        admitted += brake_admit_words(&brake, NOW);
    assert_int_equal(admitted, BRAKE_WORDS_BURST);
    assert_true(brake_admit_words(&brake, NOW + BRAKE_WORDS_MSEC * USEC_PER_MSEC));
    brake_close(&brake);
    assert_int_equal(charge(7, NOW), 0);
}

/* Neither those who try passwords nor another user leave a login unsaid. */
static void test_logins(_unused_ void **state)
{
    struct mistake mistake;
    unsigned admitted = 0;
    struct brake brake;

    assert_int_equal(brake_open(&brake, &mistake), 0);
    for (unsigned i = 0; i < 1000; i++) {
        (void)brake_admit_words(&brake, NOW);
        admitted += brake_admit_login(&brake, 7, NOW);
    }
    assert_int_equal(admitted, BRAKE_LOGINS_BURST);
    assert_true(brake_admit_login(&brake, 8, NOW));
    assert_true(brake_admit_login(&brake, UINT64_MAX, NOW));
    assert_true(brake_admit_login(&brake, 7, NOW + BRAKE_LOGINS_MSEC * USEC_PER_MSEC));
    brake_close(&brake);
    assert_int_equal(charge(7, NOW), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(test_one_user, forget),
        cmocka_unit_test_teardown(test_right_ones_cost_nothing, forget),
        cmocka_unit_test_teardown(test_all_together, forget),
        cmocka_unit_test_teardown(test_one_who_hammers, forget),
        cmocka_unit_test_teardown(test_any_place, forget),
        cmocka_unit_test_teardown(test_any_file, forget),
        cmocka_unit_test(test_no_folder),
        cmocka_unit_test_teardown(test_words, forget),
        cmocka_unit_test_teardown(test_logins, forget),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
