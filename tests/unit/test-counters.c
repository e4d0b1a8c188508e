/* What is counted, by what name, and what is left of it when the broker ends. */
#include "broker/memory/counters.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "common/cleanup.h"
#include "common/refusal.h"
#include "common/verb.h"
#include "tests/unit/memory-directory.h"
#include "tests/unit/test.h"

struct kept {
    struct memory *memory;
    struct counters *counters;
};

static struct kept open_again(void)
{
    struct kept kept;

    assert_int_equal(memory_new(memory_directory(), "counters", COUNTERS_SLOTS, &kept.memory), 0);
    assert_int_equal(counters_new(kept.memory, &kept.counters), 0);
    return kept;
}

static void close_it(const struct kept *kept)
{
    counters_free(kept->counters);
    memory_free(kept->memory);
}

static void count(const struct kept *kept, const char *unit, unsigned verb, enum verdict verdict,
                  uint64_t usec)
{
    struct outcome outcome = { .verb = verb, .verdict = verdict, .usec = usec };

    (void)snprintf(outcome.unit, sizeof(outcome.unit), "%s", unit);
    counters_count(kept->counters, &outcome);
}

static const struct counter *find(const struct kept *kept, const char *unit, unsigned verb)
{
    for (unsigned i = 0; i < COUNTERS_MAX; i++) {
        const struct counter *counter = counters_at(kept->counters, i);

        if (counter && counter->verb == verb && strcmp(counter->unit, unit) == 0)
            return counter;
    }
    return NULL;
}

static int forget(_unused_ void **state)
{
    char path[MEMORY_PATH_SIZE];

    memory_path("counters", path);
    (void)unlink(path);
    return 0;
}

/* All instances of a template are one. */
static void test_by_template(_unused_ void **state)
{
    struct kept kept = open_again();
    const struct counter *counter;

    count(&kept, "worker@a.service", VERB_RESTART, VERDICT_UP, 10000);
    count(&kept, "worker@b.service", VERB_RESTART, VERDICT_FAILED, 10001);
    count(&kept, "worker@b.service", VERB_RELOAD, VERDICT_UP, 1);
    count(&kept, "nginx.service", VERB_RESTART, VERDICT_UP, UINT64_C(61000000));
    counter = find(&kept, "worker@.service", VERB_RESTART);
    assert_int_equal(counter->results[VERDICT_UP], 1);
    assert_int_equal(counter->results[VERDICT_FAILED], 1);
    assert_int_equal(counter->durations[0], 1);
    assert_int_equal(counter->durations[1], 1);
    assert_int_equal(counter->msec, 20);
    assert_int_equal(find(&kept, "worker@.service", VERB_RELOAD)->results[VERDICT_UP], 1);
    assert_int_equal(find(&kept, "nginx.service", VERB_RESTART)->durations[COUNTERS_BOUNDS], 1);
    assert_null(find(&kept, "worker@a.service", VERB_RESTART));
    close_it(&kept);
}

/* Nobody knows is a result; a refusal is none, and what is no unit's name makes no counter. */
static void test_what_counts(_unused_ void **state)
{
    struct kept kept = open_again();
    struct outcome outcome = { .verb = VERB_RESTART, .unit = "a@b.service", .refusal = REFUSAL_UNKNOWN };

    counters_count(kept.counters, &outcome);
    assert_int_equal(find(&kept, "a@.service", VERB_RESTART)->results[VERDICT_NONE], 1);
    assert_int_equal(find(&kept, "a@.service", VERB_RESTART)->durations[0], 0);
    outcome.refusal = REFUSAL_POLKIT;
    counters_count(kept.counters, &outcome);
    assert_int_equal(find(&kept, "a@.service", VERB_RESTART)->results[VERDICT_NONE], 1);
    count(&kept, "no \" name", VERB_RESTART, VERDICT_UP, 1);
    count(&kept, "", VERB_RESTART, VERDICT_UP, 1);
    assert_null(counters_at(kept.counters, 1));
    counters_count(NULL, &outcome);
    counters_refuse(NULL, REFUSAL_NAME);
    close_it(&kept);
}

static void test_refusals(_unused_ void **state)
{
    static const int ODD[] = { 0, -1, -32700, REFUSAL_UNKNOWN, COUNTERS_REFUSALS, 1 << 30 };
    struct kept kept = open_again();

    for (size_t i = 0; i < sizeof(ODD) / sizeof(*ODD); i++)
        counters_refuse(kept.counters, ODD[i]);
    counters_refuse(kept.counters, REFUSAL_NO_GRANT);
    counters_refuse(kept.counters, REFUSAL_NO_GRANT);
    for (int code = 1; code < COUNTERS_REFUSALS; code++)
        assert_int_equal(counters_refused(kept.counters, code), code == REFUSAL_NO_GRANT ? 2 : 0);
    close_it(&kept);
}

static void test_they_go_on(_unused_ void **state)
{
    struct kept kept;

    for (unsigned i = 1; i <= 3; i++) {
        kept = open_again();
        count(&kept, "worker@a.service", VERB_RESTART, VERDICT_UP, 5000);
        counters_refuse(kept.counters, REFUSAL_NAME);
        assert_int_equal(find(&kept, "worker@.service", VERB_RESTART)->results[VERDICT_UP], i);
        assert_int_equal(find(&kept, "worker@.service", VERB_RESTART)->msec, 5 * i);
        assert_int_equal(counters_refused(kept.counters, REFUSAL_NAME), i);
        close_it(&kept);
    }
}

/* There are never more than places, whatever the policy was meanwhile. */
static void test_bounded(_unused_ void **state)
{
    struct kept kept = open_again();
    char unit[64];

    for (unsigned i = 0; i < COUNTERS_MAX + 10; i++) {
        (void)snprintf(unit, sizeof(unit), "u%u.service", i);
        count(&kept, unit, VERB_RESTART, VERDICT_UP, 1);
        count(&kept, "always.service", VERB_RESTART, VERDICT_UP, 1);
    }
    assert_int_equal(find(&kept, "always.service", VERB_RESTART)->results[VERDICT_UP], COUNTERS_MAX + 10);
    assert_null(find(&kept, "u0.service", VERB_RESTART));
    assert_non_null(find(&kept, "u100.service", VERB_RESTART));
    assert_non_null(find(&kept, unit, VERB_RESTART));
    close_it(&kept);
    kept = open_again();
    assert_int_equal(find(&kept, "always.service", VERB_RESTART)->results[VERDICT_UP], COUNTERS_MAX + 10);
    close_it(&kept);
}

/* Every byte of the file that is another one: counters begin at nothing, or are as they were, and no name
 * comes out of it that nobody counted. */
static void test_spoilt(_unused_ void **state)
{
    char path[MEMORY_PATH_SIZE];
    uint8_t bytes[512], as_it_was;
    struct kept kept = open_again();
    FILE *file;
    size_t n;

    memory_path("counters", path);
    count(&kept, "worker@a.service", VERB_RESTART, VERDICT_UP, 5000);
    close_it(&kept);
    file = fopen(path, "r+e");
    n = fread(bytes, 1, sizeof(bytes), file);
    assert_int_equal(fclose(file), 0);
    for (size_t i = 0; i < n; i++) {
        const struct counter *counter;

        as_it_was = bytes[i];
        bytes[i] ^= 0x55;
        file = fopen(path, "we");
        assert_int_equal(fwrite(bytes, 1, n, file), n);
        assert_int_equal(fclose(file), 0);
        bytes[i] = as_it_was;
        kept = open_again();
        counter = counters_at(kept.counters, 0);
        if (counter) {
            assert_string_equal(counter->unit, "worker@.service");
            assert_int_equal(counter->results[VERDICT_UP], 1);
        }
        close_it(&kept);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(test_by_template, forget), cmocka_unit_test_setup(test_what_counts, forget),
        cmocka_unit_test_setup(test_refusals, forget),    cmocka_unit_test_setup(test_they_go_on, forget),
        cmocka_unit_test_setup(test_bounded, forget),     cmocka_unit_test_setup(test_spoilt, forget),
    };

    return cmocka_run_group_tests(tests, make_directory, remove_directory);
}
