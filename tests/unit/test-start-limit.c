/* When one more start would be one too many: the log of starts, its bounds, and how soon the next click is
 * let go. */
#include "broker/systemd/start-limit.h"

#include "common/cleanup.h"
#include "common/clock.h"
#include "tests/unit/test.h"

#define SEC USEC_PER_SEC

static const struct start_limit DEFAULT = { .interval_usec = 10 * SEC, .burst = 5 };

/* systemd's own counting (src/basic/ratelimit.c), with what has to stay hidden from us: where its window
 * began. */
struct systemd_limit {
    struct start_limit limit;
    uint64_t begin;
    unsigned n;
};

static bool systemd_starts(struct systemd_limit *s, uint64_t now_usec)
{
    if (s->begin == 0 || now_usec - s->begin > s->limit.interval_usec) {
        s->begin = now_usec;
        s->n = 1;
        return true;
    }
    return ++s->n <= s->limit.burst;
}

static void test_burst(_unused_ void **state)
{
    struct start_log log = { 0 };

    for (uint64_t i = 0; i < 5; i++) {
        assert_int_equal(start_log_wait(&log, &DEFAULT, 100 * SEC + i * SEC), 0);
        assert_int_equal(start_log_note(&log, &DEFAULT, 100 * SEC + i * SEC, 100 * SEC + i * SEC), 0);
    }
    assert_int_equal(start_log_wait(&log, &DEFAULT, 105 * SEC), 5 * SEC + 1);
    assert_int_equal(start_log_wait(&log, &DEFAULT, 110 * SEC), 1);
    assert_int_equal(start_log_wait(&log, &DEFAULT, 110 * SEC + 1), 0);
    assert_int_equal(start_log_young(&log, &DEFAULT, 110 * SEC + 1), 4);
    assert_int_equal(start_log_young(&log, &DEFAULT, 200 * SEC), 0);
    start_log_done(&log);
}

static void test_order(_unused_ void **state)
{
    const uint64_t stamps[] = { 30, 10, 20, 10, 30, 5, 30 };
    struct start_log log = { 0 };

    for (size_t i = 0; i < sizeof(stamps) / sizeof(*stamps); i++)
        assert_int_equal(start_log_note(&log, &DEFAULT, stamps[i], 30), 0);
    assert_int_equal(start_log_note(&log, &DEFAULT, 0, 30), 0);
    assert_int_equal(log.n, 4);
    for (size_t i = 1; i < log.n; i++)
        assert_true(log.stamps[i - 1] < log.stamps[i]);
    start_log_done(&log);
    start_log_done(&log);
}

static void test_no_limit(_unused_ void **state)
{
    const struct start_limit none[] = {
        { .interval_usec = 0, .burst = 5 },
        { .interval_usec = 10 * SEC, .burst = 0 },
        { .interval_usec = 10 * SEC, .burst = START_LIMIT_BURST_MAX + 1 },
    };
    struct start_log log = { 0 };

    for (size_t i = 0; i < sizeof(none) / sizeof(*none); i++)
        for (uint64_t k = 1; k < 3000; k++) {
            assert_int_equal(start_log_wait(&log, &none[i], k), 0);
            assert_int_equal(start_log_note(&log, &none[i], k, k), 0);
        }
    assert_int_equal(log.n, 0);
    start_log_done(&log);
}

/* An hour's worth of starts never takes more room than the greatest burst. */
static void test_bounded(_unused_ void **state)
{
    const struct start_limit limit = { .interval_usec = UINT64_MAX, .burst = START_LIMIT_BURST_MAX };
    struct start_log log = { 0 };

    for (uint64_t k = 1; k < 5000; k++)
        assert_int_equal(start_log_note(&log, &limit, k, k), 0);
    assert_int_equal(log.n, START_LIMIT_BURST_MAX);
    assert_int_equal(log.stamps[0], 5000 - START_LIMIT_BURST_MAX);
    assert_true(start_log_wait(&log, &limit, 5000) == UINT64_MAX);
    start_log_done(&log);
}

/* Clicks at random moments, ours and somebody else's: what we let pass, systemd lets pass, wherever its
 * window began. */
static void test_never_over_systemds_limit(_unused_ void **state)
{
    srandom(1);
    for (unsigned round = 0; round < 2000; round++) {
        struct systemd_limit systemd = {
            .limit = { .interval_usec = (uint64_t)(random() % 20 + 1) * SEC,
                       .burst = (unsigned)(random() % 6 + 1) },
        };
        struct start_log log = { 0 };
        uint64_t now_usec = SEC;

        for (unsigned k = 0; k < 60; k++) {
            now_usec += (uint64_t)random() % (3 * SEC);
            if (start_log_wait(&log, &systemd.limit, now_usec) > 0)
                continue;
            assert_true(systemd_starts(&systemd, now_usec));
            assert_int_equal(start_log_note(&log, &systemd.limit, now_usec, now_usec), 0);
        }
        start_log_done(&log);
    }
}

/* Who comes back when told to is let in. */
static void test_wait_is_enough(_unused_ void **state)
{
    struct start_log log = { 0 };
    uint64_t now_usec = SEC;

    for (unsigned k = 0; k < 50; k++) {
        now_usec += start_log_wait(&log, &DEFAULT, now_usec);
        assert_int_equal(start_log_wait(&log, &DEFAULT, now_usec), 0);
        assert_int_equal(start_log_note(&log, &DEFAULT, now_usec, now_usec), 0);
        now_usec += SEC / 10;
    }
    start_log_done(&log);
}

static void test_seconds(_unused_ void **state)
{
    assert_int_equal(start_limit_seconds(0), 1);
    assert_int_equal(start_limit_seconds(1), 1);
    assert_int_equal(start_limit_seconds(SEC), 1);
    assert_int_equal(start_limit_seconds(SEC + 1), 2);
    assert_int_equal(start_limit_seconds(UINT64_MAX), 86400);
}

static void test_pace(_unused_ void **state)
{
    const struct start_limit none = { 0 }, tight = { .interval_usec = 2 * SEC, .burst = 10 };
    const struct {
        struct pace pace;
        const struct start_limit *limit;
        uint64_t now_usec, hold_usec;
    } cases[] = {
        { { 0 }, &none, 50 * SEC, 0 },
        { { 0 }, &DEFAULT, 50 * SEC, 0 },
        /* One after another, on a unit without a limit: never. */
        { { .ended_usec = 50 * SEC, .callers = 1 }, &none, 50 * SEC, 0 },
        { { .ended_usec = 50 * SEC, .callers = 2 }, &none, 50 * SEC, SEC },
        { { .ended_usec = 50 * SEC, .callers = 2 }, &none, 51 * SEC, 0 },
        { { .ended_usec = 50 * SEC, .callers = 1 }, &DEFAULT, 50 * SEC + SEC / 4, SEC - SEC / 4 },
        { { .ended_usec = 50 * SEC, .callers = 1 }, &DEFAULT, 60 * SEC, 0 },
        { { .ended_usec = 50 * SEC, .callers = 1 }, &tight, 50 * SEC, SEC / 10 },
        { { .ended_usec = 50 * SEC, .callers = 9 }, &tight, 50 * SEC, SEC },
    };

    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
        assert_int_equal(pace_hold(&cases[i].pace, cases[i].limit, cases[i].now_usec), cases[i].hold_usec);
}

static void test_cooldown(_unused_ void **state)
{
    assert_int_equal(pace_cooldown(0, 30 * SEC, 5 * SEC), 0);
    assert_int_equal(pace_cooldown(100 * SEC, 0, 100 * SEC), 0);
    assert_int_equal(pace_cooldown(100 * SEC, 30 * SEC, 101 * SEC), 29 * SEC);
    assert_int_equal(pace_cooldown(100 * SEC, 30 * SEC, 130 * SEC), 0);
    assert_int_equal(pace_cooldown(100 * SEC, 30 * SEC, 99 * SEC), 31 * SEC);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_burst),          cmocka_unit_test(test_order),
        cmocka_unit_test(test_no_limit),       cmocka_unit_test(test_bounded),
        cmocka_unit_test(test_wait_is_enough), cmocka_unit_test(test_never_over_systemds_limit),
        cmocka_unit_test(test_seconds),        cmocka_unit_test(test_pace),
        cmocka_unit_test(test_cooldown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
