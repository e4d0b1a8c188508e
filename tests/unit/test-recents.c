/* When a unit was last restarted, by whom, and how long that takes: of what was done here and what the
 * journal has from before, whichever is heard of first; bounded; and without a journal all the same. */
#include "broker/record/recents.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "broker/record/asks.h"
#include "common/clock.h"
#include "tests/unit/fake-record.h"
#include "tests/unit/test.h"

/* 2026-11-22 10:00:00 UTC, and an entry so many seconds later. */
#define TEN UINT64_C(1795341600)
#define AT(second) "{\"time\":\"2026-11-22T10:00:" second ".000000Z\",\"message\":\"\","
#define ENTRY(second, unit, who, verdict, msec)                                                              \
    AT(second)                                                                                               \
    "\"verb\":\"restart\",\"user\":\"" who "\",\"unit\":\"" unit "\",\"verdict\":\"" verdict                 \
    "\",\"milliseconds\":" msec "}\n"
#define END "{\"entries\":1,\"more\":false}\n"

struct world {
    sd_event *event;
    struct fake_record record;
    struct asks *asks;
    struct recents *recents;
    unsigned n_told;
    char told[64]; /* of which unit, the last time */
};

static void on_change(const char *unit, void *userdata)
{
    struct world *w = userdata;

    w->n_told++;
    (void)snprintf(w->told, sizeof(w->told), "%s", unit);
}

static int set_up(void **state)
{
    struct world *w = calloc(1, sizeof(*w));

    assert_non_null(w);
    assert_true(sd_event_new(&w->event) >= 0);
    fake_record_start(&w->record, w->event);
    assert_int_equal(asks_new(w->event, w->record.path, 600 * USEC_PER_SEC, &w->asks), 0);
    assert_int_equal(recents_new(w->asks, &w->recents), 0);
    recents_on_change(w->recents, on_change, w);
    *state = w;
    return 0;
}

static int tear_down(void **state)
{
    struct world *w = *state;

    recents_free(w->recents);
    asks_free(w->asks);
    fake_record_stop(&w->record);
    sd_event_unref(w->event);
    free(w);
    return 0;
}

static void done(struct world *w, const char *unit, uint64_t at, const char *by, const char *verdict,
                 uint64_t msec)
{
    recents_note(
        w->recents,
        &(struct restarted){ .unit = unit, .by = by, .verdict = verdict, .at = at, .milliseconds = msec });
}

/* Until nothing happens any more. */
static void settle(const struct world *w)
{
    while (sd_event_run(w->event, 20 * USEC_PER_MSEC) > 0)
        ;
}

static void assert_last(const struct world *w, const char *unit, uint64_t at, const char *by,
                        const char *verdict, uint64_t usual)
{
    const struct recent *recent = recents_find(w->recents, unit);

    assert_non_null(recent);
    assert_int_equal(recent->at, at);
    assert_string_equal(recent->by, by);
    assert_string_equal(recent->verdict, verdict);
    assert_int_equal(recent_usual_milliseconds(recent), usual);
}

static void test_done_here(void **state)
{
    struct world *w = *state;

    assert_null(recents_find(w->recents, "a.service"));
    assert_int_equal(recent_usual_milliseconds(NULL), 0);
    done(w, "b.service", TEN, "", "failed", 70);
    assert_last(w, "b.service", TEN, "", "failed", 0);
    done(w, "a.service", TEN, "anna", "up", 100);
    done(w, "c.service", TEN, "anna", "well-ended", 5);
    assert_last(w, "a.service", TEN, "anna", "up", 100);
    assert_last(w, "c.service", TEN, "anna", "well-ended", 5);
    assert_null(recents_find(w->recents, "aa.service"));
}

/* The median of the last five that succeeded. */
static void test_usual(void **state)
{
    static const uint64_t MSEC[] = { 9000, 100, 300, 200, 400, 500 };
    struct world *w = *state;

    for (size_t i = 0; i < sizeof(MSEC) / sizeof(*MSEC); i++) {
        done(w, "a.service", TEN + 100 * i, "anna", "up", MSEC[i]);
        done(w, "a.service", TEN + 100 * i + 50, "bob", "failed", 60000);
        done(w, "a.service", TEN + 100 * i + 70, "bob", "", 60000);
    }
    assert_last(w, "a.service", TEN + 570, "bob", "", 300);
}

/* Who joined a job waited less for it: it counts once, for as long as it took. */
static void test_shared_job(void **state)
{
    struct world *w = *state;

    done(w, "a.service", TEN, "anna", "up", 100);
    for (unsigned i = 0; i < 10; i++)
        done(w, "a.service", TEN + 60, "bob", "up", i == 3 ? 1100 : 10 * i + 1);
    assert_int_equal(recents_find(w->recents, "a.service")->n, 2);
    assert_last(w, "a.service", TEN + 60, "bob", "up", 1100);
}

static void test_watched(void **state)
{
    struct world *w = *state;

    recents_settled(w->recents, "a.service", "up", 0);
    assert_null(recents_find(w->recents, "a.service"));
    done(w, "a.service", TEN, "anna", "watching", 100);
    recents_settled(w->recents, "a.service", "ended", 0);
    assert_last(w, "a.service", TEN, "anna", "ended", 0);
    recents_settled(w->recents, "a.service", "up", 0);
    assert_last(w, "a.service", TEN, "anna", "ended", 0);
}

/* For as long as journald may take: after a restart, and after the end of its watch. */
static void test_on_its_way(void **state)
{
    struct world *w = *state;
    const uint64_t now_usec = clock_realtime_usec(),
                   long_ago_usec = now_usec - RECENTS_ARRIVES_SEC * USEC_PER_SEC;
    struct restarted restarted = { .unit = "a.service", .by = "", .verdict = "watching", .at = TEN };

    assert_int_equal(recents_on_its_way(w->recents, "a.service"), 0);
    recents_note(w->recents, &restarted);
    assert_int_equal(recents_on_its_way(w->recents, "a.service"), 0);
    restarted.sent_usec = long_ago_usec;
    recents_note(w->recents, &restarted);
    assert_int_equal(recents_on_its_way(w->recents, "a.service"), 0);
    restarted.sent_usec = now_usec;
    recents_note(w->recents, &restarted);
    assert_int_equal(recents_on_its_way(w->recents, "a.service"), now_usec);
    assert_int_equal(recents_on_its_way(w->recents, "b.service"), 0);
    recents_settled(w->recents, "a.service", "up", now_usec - 1);
    assert_int_equal(recents_on_its_way(w->recents, "a.service"), now_usec - 1);
    /* Of another day, by a clock that was set back. */
    restarted.sent_usec = now_usec + 3600 * USEC_PER_SEC;
    recents_note(w->recents, &restarted);
    assert_int_equal(recents_on_its_way(w->recents, "a.service"), 0);
}

static void test_from_the_journal(void **state)
{
    struct world *w = *state;

    w->record.answer = ENTRY("01", "a.service", "anna", "up", "100")
        ENTRY("10", "b.service", "", "failed", "5") ENTRY("20", "a.service", "bob", "up",
                                                          "300") ENTRY("30", "a.service", "carl", "up", "200")
            AT("40") "\"verb\":\"reload\",\"user\":\"x\",\"unit\":\"a.service\",\"verdict\":\"up\"}\n" ENTRY(
                "50", "../x", "x", "up", "1") END;
    recents_wake(w->recents);
    recents_wake(w->recents);
    assert_null(recents_find(w->recents, "a.service"));
    settle(w);
    assert_last(w, "a.service", TEN + 30, "carl", "up", 200);
    assert_last(w, "b.service", TEN + 10, "", "failed", 0);
    assert_null(recents_find(w->recents, "../x"));
    recents_wake(w->recents);
    settle(w);
    assert_int_equal(w->record.n_asked, 1);
    assert_string_equal(w->record.question, "latest\n");
}

/* What was done here is newer; whether the journal has it already makes no difference. */
static void test_both(void **state)
{
    struct world *w = *state;

    done(w, "a.service", TEN + 30, "carl", "up", 500);
    done(w, "b.service", TEN + 31, "dora", "up", 70);
    w->record.answer =
        ENTRY("01", "a.service", "anna", "up", "100") ENTRY("10", "a.service", "bob", "up", "900")
            ENTRY("20", "b.service", "anna", "up", "90") ENTRY("30", "a.service", "carl", "up", "500") END;
    recents_wake(w->recents);
    settle(w);
    assert_last(w, "a.service", TEN + 30, "carl", "up", 500);
    assert_int_equal(recents_find(w->recents, "a.service")->n, 3);
    assert_last(w, "b.service", TEN + 31, "dora", "up", 90);
    done(w, "b.service", TEN + 50, "eve", "failed", 1);
    assert_last(w, "b.service", TEN + 50, "eve", "failed", 90);
}

/* Whoever has the list open hears of it: also of the end of a watch, with which no unit changes. */
static void test_told(void **state)
{
    struct world *w = *state;

    done(w, "a.service", TEN, "anna", "watching", 100);
    assert_int_equal(w->n_told, 1);
    assert_string_equal(w->told, "a.service");
    recents_settled(w->recents, "a.service", "up", 0);
    assert_int_equal(w->n_told, 2);
    recents_settled(w->recents, "a.service", "up", 0);
    recents_settled(w->recents, "b.service", "up", 0);
    assert_int_equal(w->n_told, 2);
    w->record.answer = ENTRY("01", "b.service", "anna", "up", "100") END;
    recents_wake(w->recents);
    settle(w);
    assert_int_equal(w->n_told, 3);
    assert_string_equal(w->told, "b.service");
}

/* It is not asked again at once, and nobody notices. */
static void test_no_journal(void **state)
{
    struct world *w = *state;

    w->record.answer = "nonsense\n";
    recents_wake(w->recents);
    settle(w);
    recents_wake(w->recents);
    settle(w);
    assert_int_equal(w->record.n_asked, 1);
    done(w, "a.service", TEN, "anna", "up", 100);
    assert_last(w, "a.service", TEN, "anna", "up", 100);
}

static void test_end_while_asking(void **state)
{
    struct world *w = *state;

    w->record.way = FAKE_RECORD_IS_DEAF;
    recents_wake(w->recents);
    while (w->record.n_asked == 0)
        assert_true(sd_event_run(w->event, USEC_PER_SEC) >= 0);
}

/* Of more units than there is room for, those restarted longest ago are forgotten. */
static void test_bounded(void **state)
{
    struct world *w = *state;
    char unit[32];

    for (unsigned i = 0; i < RECENTS_MAX + 10; i++) {
        (void)snprintf(unit, sizeof(unit), "u%u.service", i * 7919 % (RECENTS_MAX + 10));
        done(w, unit, TEN + i, "anna", "up", 1);
    }
    assert_last(w, unit, TEN + RECENTS_MAX + 9, "anna", "up", 1);
    assert_null(recents_find(w->recents, "u0.service"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_done_here, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_usual, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_shared_job, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_watched, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_on_its_way, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_from_the_journal, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_both, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_told, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_no_journal, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_end_while_asking, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_bounded, set_up, tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
