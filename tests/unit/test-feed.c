/* What is news to whom: what changed of what he may see, once, since his cursor, and nothing else; and a
 * cursor tells nobody how much else there was. */
#include "broker/live/feed.h"

#include <stdio.h>
#include <string.h>

#include "common/cleanup.h"
#include "common/clock.h"
#include "tests/unit/feed-world.h"
#include "tests/unit/people.h"
#include "tests/unit/policy-text.h"
#include "tests/unit/test.h"

static void test_what_changed(void **state)
{
    struct feed_world *w = *state;
    struct feed_somebody anna = feed_somebody(w, "anna");

    assert_string_equal(feed_news_of(w, "anna", anna.cursor), "-");
    feed_change(w, "a@1.service", "failed", 0);
    feed_change(w, "a@2.service", "active", 0);
    feed_change(w, "a@1.service", "active", 0);
    feed_wait_for_tick(w);
    feed_assert_told(w, &anna, "a@2.service a@1.service ");
    /* Another job, another result. */
    feed_change(w, "a@1.service", "active", 7);
    feed_wait_for_tick(w);
    feed_assert_told(w, &anna, "a@1.service ");
    w->fake.result = "signal";
    fake_changed_by(&w->fake, FAKE_PID1, "a@1.service", "Result");
    feed_wait_for_tick(w);
    feed_assert_told(w, &anna, "a@1.service ");
}

/* What the list tells of a unit beside what PID 1 does: to who sees it, once. */
static void test_what_was_noted(void **state)
{
    struct feed_world *w = *state;
    struct feed_somebody anna = feed_somebody(w, "anna"), nobody = feed_somebody(w, "");

    feed_note(w->feed, "team.service");
    feed_note(w->feed, "a@1.service");
    feed_note(w->feed, "a@1.service");
    feed_note(w->feed, "foreign.service");
    feed_note(w->feed, "../x");
    feed_wait_for_tick(w);
    feed_assert_told(w, &anna, "a@1.service ");
    feed_assert_told(w, &nobody, "-");
}

/* Nor does anybody wait for it: there is not even a tick. */
static void test_what_did_not(void **state)
{
    struct feed_world *w = *state;
    struct feed_somebody anna = feed_somebody(w, "anna");
    unsigned n;

    feed_change(w, "a@1.service", "active", 0);
    feed_wait_for_tick(w);
    feed_assert_told(w, &anna, "a@1.service ");
    feed_calm_down(w);
    n = w->n_ticks;
    feed_change(w, "a@1.service", "active", 0);
    fake_changed_by(&w->fake, FAKE_PID1, "a@1.service", "NRestarts");
    feed_change(w, "b@1.service", "failed", 0);
    feed_change(w, "a@x.service", "failed", 0);
    fake_moved_by(&w->fake, FAKE_STRANGER, "a@1.service", "failed", "failed", 0);
    fake_job_removed_by(&w->fake, FAKE_PID1, 3, "done");
    feed_calm_down(w);
    assert_int_equal(w->n_ticks, n);
    feed_assert_told(w, &anna, "-");
}

static void test_to_whom(void **state)
{
    static const struct {
        const char *unit, *seen_by;
    } CASES[] = {
        { "a@1.service", "anna root zoe front" },
        { "team.service", "bob:ops root zoe front" },
        { "all.service", "anna bob:ops carl root zoe front" },
        { "own@carl-1.service", "carl root zoe front" },
    };
    static const char *const ALL[] = { "anna", "bob:ops", "carl", "root", "zoe", "", "front" };
    struct feed_world *w = *state;

    for (size_t i = 0; i < sizeof(CASES) / sizeof(*CASES); i++) {
        struct feed_somebody them[sizeof(ALL) / sizeof(*ALL)];

        for (size_t j = 0; j < sizeof(ALL) / sizeof(*ALL); j++)
            them[j] = feed_somebody(w, ALL[j]);
        feed_change(w, CASES[i].unit, "failed", 0);
        feed_wait_for_tick(w);
        for (size_t j = 0; j < sizeof(ALL) / sizeof(*ALL); j++) {
            char expected[64] = "-";

            if (*ALL[j] && strstr(CASES[i].seen_by, ALL[j]))
                (void)snprintf(expected, sizeof(expected), "%s ", CASES[i].unit);
            feed_assert_told(w, &them[j], strcmp(ALL[j], "front") == 0 ? "" : expected);
        }
    }
}

/* However much there was that he does not see: neither his cursor nor what he is told shows it. */
static void test_nothing_of_others(void **state)
{
    struct feed_world *w = *state;
    struct feed_somebody bob = feed_somebody(w, "bob:ops"), again;
    char unit[64];

    feed_change(w, "team.service", "failed", 0);
    feed_wait_for_tick(w);
    again = feed_somebody(w, "bob:ops");
    for (unsigned round = 0; round < 3; round++) {
        for (unsigned i = 0; i < 300; i++) {
            (void)snprintf(unit, sizeof(unit), "a@%u.service", i);
            feed_change(w, unit, round % 2 ? "active" : "failed", round);
        }
        feed_wait_for_tick(w);
        feed_begin_at(w, "bob:ops");
        assert_string_equal(w->cursor, again.cursor);
    }
    feed_assert_told(w, &again, "-");
    feed_assert_told(w, &bob, "team.service ");
    assert_string_equal(bob.cursor, again.cursor);
    feed_begin_at(w, "anna");
    assert_string_not_equal(w->cursor, bob.cursor);
}

static void test_too_much(void **state)
{
    struct feed_world *w = *state;
    struct feed_somebody anna = feed_somebody(w, "anna"), late = anna, front = feed_somebody(w, "front");
    const char *text;
    char unit[64];

    for (unsigned i = 0; i < FEED_UNITS_MAX; i++) {
        (void)snprintf(unit, sizeof(unit), "a@%u.service", i);
        feed_change(w, unit, "failed", 0);
    }
    feed_wait_for_tick(w);
    feed_calm_down(w);
    text = feed_news_of(w, "anna", anna.cursor);
    assert_non_null(strstr(text, "a@0.service "));
    assert_non_null(strstr(text, "a@99.service "));
    feed_change(w, "a@100.service", "failed", 0);
    feed_wait_for_tick(w);
    feed_assert_told(w, &late, "whole");
    feed_assert_told(w, &front, "");
}

static void test_came_and_went(void **state)
{
    struct feed_world *w = *state;
    struct feed_somebody anna = feed_somebody(w, "anna"), bob = feed_somebody(w, "bob:ops"),
                         front = feed_somebody(w, "front");

    fake_loaded_by(&w->fake, FAKE_PID1, "a@1.service", true);
    feed_wait_for_tick(w);
    feed_assert_told(w, &anna, "whole");
    feed_assert_told(w, &bob, "-");
    feed_assert_told(w, &front, "");
    feed_change(w, "a@1.service", "active", 0);
    feed_wait_for_tick(w);
    feed_assert_told(w, &anna, "a@1.service ");
    fake_loaded_by(&w->fake, FAKE_PID1, "a@1.service", false);
    feed_wait_for_tick(w);
    feed_assert_told(w, &anna, "whole");
    feed_assert_told(w, &bob, "-");
}

/* Somebody asked for its state, for which PID 1 loads it and lets it go again. */
static void test_looked_at(void **state)
{
    struct feed_world *w = *state;
    struct feed_somebody anna = feed_somebody(w, "anna");

    feed_wait_for_tick((feed_change(w, "a@2.service", "active", 0), w));
    feed_assert_told(w, &anna, "a@2.service ");
    for (unsigned i = 0; i < 2; i++) {
        /* At the beginning of a tenth of a second. */
        feed_wait_for_tick((feed_change(w, "a@2.service", "active", 10 + i), w));
        feed_assert_told(w, &anna, "a@2.service ");
        fake_loaded_by(&w->fake, FAKE_PID1, i == 0 ? "a@1.service" : "a@2.service", true);
        fake_loaded_by(&w->fake, FAKE_PID1, i == 0 ? "a@1.service" : "a@2.service", false);
        feed_calm_down(w);
        feed_assert_told(w, &anna, "-");
    }
}

/* What nobody can tell the extent of is told to everybody. */
static void test_everything(void **state)
{
    static const char *const ALL[] = { "anna", "carl", "", "front" };
    struct feed_world *w = *state;

    for (unsigned i = 0; i < 5; i++) {
        struct feed_somebody them[4];

        for (size_t j = 0; j < 4; j++)
            them[j] = feed_somebody(w, ALL[j]);
        feed_change(w, "a@1.service", "failed", i);
        if (i == 0)
            fake_reloading(&w->fake, false);
        if (i == 1)
            fake_owner_changed(&w->fake, FAKE_PID1, FAKE_PID1);
        if (i == 2)
            fake_hang_up(&w->fake);
        if (i == 3)
            feed_forget(w->feed);
        if (i == 4)
            fake_unit_files_changed(&w->fake);
        feed_calm_down(w);
        while (!feed_hears(w->feed))
            feed_wait_for_tick(w);
        feed_calm_down(w);
        for (size_t j = 0; j < 4; j++)
            feed_assert_told(w, &them[j], "whole");
    }
}

/* While nobody tells us of changes, who waits is told to look now and then. */
static void test_deaf(void **state)
{
    struct feed_world *w = *state;
    struct feed_somebody anna = feed_somebody(w, "anna");

    fake_owner_changed(&w->fake, FAKE_PID1, "");
    for (unsigned i = 0; i < 2; i++) {
        feed_wait_for_tick(w);
        assert_false(feed_hears(w->feed));
        feed_assert_told(w, &anna, "whole");
    }
}

static void test_odd_cursors(void **state)
{
    struct feed_world *w = *state, *other = NULL;
    struct feed_somebody anna = feed_somebody(w, "anna");
    char cursor[CURSOR_SIZE + 2];
    void *other_state = NULL;
    uint64_t since;

    assert_int_equal(feed_set_up(&other_state), 0);
    other = other_state;
    assert_false(feed_find(other->feed, anna.cursor, &since));
    assert_int_equal(feed_tear_down(&other_state), 0);
    for (size_t i = 0; i < CURSOR_SIZE - 1; i++) {
        (void)snprintf(cursor, sizeof(cursor), "%s", anna.cursor);
        cursor[i] = cursor[i] == '0' ? '1' : '0';
        assert_false(feed_find(w->feed, cursor, &since));
        cursor[i] = '\0';
        assert_false(feed_find(w->feed, cursor, &since));
    }
    (void)snprintf(cursor, sizeof(cursor), "%s0", anna.cursor);
    assert_false(feed_find(w->feed, cursor, &since));
    for (char *c = anna.cursor; *c; c++)
        if (*c >= 'a' && *c <= 'f') {
            *c = (char)(*c - 'a' + 'A');
            assert_false(feed_find(w->feed, anna.cursor, &since));
        }
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, feed_set_up, feed_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_what_changed),  TEST(test_what_was_noted),    TEST(test_what_did_not),
        TEST(test_to_whom),       TEST(test_nothing_of_others), TEST(test_too_much),
        TEST(test_came_and_went), TEST(test_looked_at),         TEST(test_everything),
        TEST(test_deaf),          TEST(test_odd_cursors),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
