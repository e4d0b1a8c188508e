/* The table of units: who makes room for whom. */
#include "broker/jobs/unit.h"

#include <stdio.h>

#include "common/cleanup.h"
#include "common/clock.h"
#include "tests/unit/test.h"

struct world {
    sd_event *event;
    struct systemd *systemd;
    struct memory *memory;
    struct starts *starts;
    struct units *units;
};

static int setup(void **state)
{
    static struct world world;

    world = (struct world){ 0 };
    assert_true(sd_event_new(&world.event) >= 0);
    assert_int_equal(systemd_new(world.event, &world.systemd), 0);
    assert_int_equal(memory_new(NULL, "starts", STARTS_MAX, &world.memory), 0);
    assert_int_equal(starts_new(world.memory, clock_usec(), &world.starts), 0);
    assert_int_equal(units_new(world.systemd, world.starts, &world.units), 0);
    *state = &world;
    return 0;
}

static int teardown(void **state)
{
    struct world *w = *state;

    units_free(w->units);
    starts_free(w->starts);
    memory_free(w->memory);
    systemd_free(w->systemd);
    sd_event_unref(w->event);
    return 0;
}

static struct unit *get(struct world *w, unsigned i)
{
    char name[UNIT_NAME_SIZE];

    (void)snprintf(name, sizeof(name), "a@%u.service", i);
    return units_get(w->units, name);
}

static void start(struct unit *unit, unsigned times)
{
    uint64_t now_usec = clock_usec();

    unit->state.start_limit = (struct start_limit){ .interval_usec = 10 * USEC_PER_SEC, .burst = 2 };
    for (unsigned i = 0; i < times; i++)
        unit_note_start(unit, now_usec - i);
}

static void test_counted_starts_outlive_a_crowd(void **state)
{
    start(get(*state, 0), 2);
    for (unsigned i = 1; i < 3 * UNITS_MAX; i++)
        start(get(*state, i), 1);
    assert_true(unit_start_wait(get(*state, 0), clock_usec()) > 0);
}

static void test_a_job_outlives_a_crowd(void **state)
{
    struct unit *unit = get(*state, 0);

    unit->job = (struct job *)unit;
    for (unsigned i = 1; i < 3 * UNITS_MAX; i++)
        assert_non_null(get(*state, i));
    assert_non_null(get(*state, 0)->job);
    unit->job = NULL;
}

static void test_full_of_those_that_stay(void **state)
{
    for (unsigned i = 0; i < UNITS_MAX; i++)
        start(get(*state, i), 2);
    assert_null(get(*state, UNITS_MAX));
    assert_non_null(get(*state, 0));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_counted_starts_outlive_a_crowd, setup, teardown),
        cmocka_unit_test_setup_teardown(test_a_job_outlives_a_crowd, setup, teardown),
        cmocka_unit_test_setup_teardown(test_full_of_those_that_stay, setup, teardown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
