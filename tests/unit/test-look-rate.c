/* The rate of looks at units that do not run. */
#include "broker/systemd/look-rate.h"

#include <stdio.h>

#include "common/cleanup.h"
#include "common/clock.h"
#include "tests/unit/test.h"

#define NOW (UINT64_C(1000) * USEC_PER_SEC)

static struct look_rate *setup_rate(void)
{
    static struct look_rate rate;

    rate = (struct look_rate){ 0 };
    return &rate;
}

static unsigned take(struct look_rate *rate, const char *unit, unsigned times, uint64_t now_usec)
{
    unsigned n = 0;

    for (unsigned i = 0; i < times; i++)
        n += look_rate_take(rate, unit, now_usec);
    return n;
}

static void test_one_unit(_unused_ void **state)
{
    struct look_rate *rate = setup_rate();

    assert_int_equal(take(rate, "a@1.service", 100, NOW), LOOK_UNIT_BURST);
    assert_true(look_rate_refuses(rate, "a@1.service", NOW));
    assert_false(look_rate_refuses(rate, "a@1.service", NOW + LOOK_FRESH_MSEC * USEC_PER_MSEC));
    assert_false(look_rate_refuses(rate, "a@2.service", NOW));
    assert_int_equal(take(rate, "a@1.service", 9, NOW + LOOK_UNIT_MSEC * USEC_PER_MSEC - 1), 0);
    assert_int_equal(take(rate, "a@1.service", 9, NOW + LOOK_UNIT_MSEC * USEC_PER_MSEC), 1);
    assert_int_equal(take(rate, "a@1.service", 9, NOW + 60 * USEC_PER_SEC), LOOK_UNIT_BURST);
}

/* For a minute, a hundred clicks a second on a hundred units. */
static void test_many_units(_unused_ void **state)
{
    struct look_rate *rate = setup_rate();
    char unit[32];
    unsigned n = 0;

    for (uint64_t i = 0; i < 6000; i++) {
        (void)snprintf(unit, sizeof(unit), "a@%u.service", (unsigned)(i % 100));
        n += look_rate_take(rate, unit, NOW + i * 10 * USEC_PER_MSEC);
    }
    assert_in_range(n, 600, 600 + LOOK_RATE_BURST);
}

static void test_now_and_then(_unused_ void **state)
{
    struct look_rate *rate = setup_rate();

    for (uint64_t i = 0; i < 100; i++)
        assert_true(look_rate_take(rate, "a@1.service", NOW + i * LOOK_UNIT_MSEC * USEC_PER_MSEC));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_one_unit),
        cmocka_unit_test(test_many_units),
        cmocka_unit_test(test_now_and_then),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
