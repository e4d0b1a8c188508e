/* Of many units, those that were restarted last: the newest first, of those that were asked for alone, and of
 * a few none. */
#include "broker/table/latest.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/unit-group.h"
#include "tests/unit/test.h"

enum { UNITS = 200, TEN = 1795341600 };

struct world {
    struct recents *recents;
    struct instances instances;
    uint32_t indexes[UNITS];
};

static void name(unsigned i, char ret[static 32])
{
    (void)snprintf(ret, 32, "a@%u.service", i);
}

static int set_up(void **state)
{
    struct world *w = calloc(1, sizeof(*w));
    char unit[32];

    assert_non_null(w);
    assert_int_equal(recents_new(NULL, &w->recents), 0);
    for (unsigned i = 0; i < UNITS; i++) {
        struct instance *instance;

        name(i, unit);
        instance = instances_add(&w->instances, unit);
        assert_non_null(instance);
        instance_set_state(instance, "active", "running");
        w->indexes[i] = i;
    }
    instances_settle(&w->instances);
    *state = w;
    return 0;
}

static int tear_down(void **state)
{
    struct world *w = *state;

    instances_done(&w->instances);
    recents_free(w->recents);
    free(w);
    return 0;
}

static void restarted(struct world *w, unsigned i, uint64_t at)
{
    char unit[32];

    name(i, unit);
    recents_note(w->recents, &(struct restarted){ .unit = unit, .by = "", .verdict = "up", .at = at });
}

static void assert_latest(const struct world *w, size_t n, const char *expected)
{
    struct latest latest;
    char text[256] = "", *at = text;

    latest_find(w->recents, &w->instances, w->indexes, n, &latest);
    for (size_t i = 0; i < latest.n; i++)
        at += sprintf(at, "%u ", (unsigned)latest.indexes[i]);
    assert_string_equal(text, expected);
}

static void test_the_newest_first(void **state)
{
    struct world *w = *state;

    assert_latest(w, UNITS, "");
    restarted(w, 150, TEN + 1);
    restarted(w, 3, TEN + 5);
    restarted(w, 70, TEN + 3);
    restarted(w, 71, TEN + 3);
    assert_latest(w, UNITS, "3 70 71 150 ");
    restarted(w, 150, TEN + 6);
    assert_latest(w, UNITS, "150 3 70 71 ");
}

/* Whoever sees, or asked for, a part of them is told of no other. */
static void test_a_part(void **state)
{
    struct world *w = *state;

    restarted(w, 3, TEN);
    restarted(w, 150, TEN + 1);
    assert_latest(w, 100, "3 ");
    assert_latest(w, LATEST_OF + 1, "3 ");
    assert_latest(w, LATEST_OF, "");
    for (size_t i = 0; i < LATEST_OF + 1; i++)
        w->indexes[i] = (uint32_t)(2 * i + 100);
    assert_latest(w, LATEST_OF + 1, "150 ");
}

static void test_ten(void **state)
{
    struct world *w = *state;

    for (unsigned i = 0; i < 30; i++)
        restarted(w, i * 7 % UNITS, TEN + i);
    assert_latest(w, UNITS, "3 196 189 182 175 168 161 154 147 140 ");
    for (unsigned i = 0; i < 30; i++)
        restarted(w, 199 - i, TEN + 100);
    assert_latest(w, UNITS, "170 171 172 173 174 175 176 177 178 179 ");
}

/* These stand before them, and one that is not there any more nowhere. */
static void test_others(void **state)
{
    struct world *w = *state;

    for (unsigned i = 0; i < 4; i++)
        restarted(w, i, TEN + i);
    restarted(w, 999, TEN + 9);
    instance_set_state(&w->instances.items[1], "failed", "failed");
    instance_set_state(&w->instances.items[2], "activating", "auto-restart");
    instance_set_state(&w->instances.items[3], "inactive", "dead");
    assert_latest(w, UNITS, "3 0 ");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_the_newest_first, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_a_part, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_ten, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_others, set_up, tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
