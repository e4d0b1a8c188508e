/* A feed over a PID 1 that says what the test wants. */
#include "tests/unit/feed-world.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/cleanup.h"
#include "common/clock.h"
#include "tests/unit/people.h"
#include "tests/unit/policy-text.h"
#include "tests/unit/test.h"

#define POLICY                                                                                               \
    TEMPLATE("[0-9]+", "Users=anna\n")                                                                       \
    UNIT("team.service", "Groups=ops\n")                                                                     \
    UNIT("all.service", "Users=*\n")                                                                         \
    "[Grant]\nUnit=own@.service\nInstances=%u-[0-9]\nVerbs=reload\nUsers=*\n"                                \
    "[Policy]\nAdmins=zoe\n"

static void on_tick(void *userdata)
{
    ((struct feed_world *)userdata)->n_ticks++;
}

void feed_wait_for_tick(struct feed_world *w)
{
    unsigned n = w->n_ticks;

    for (unsigned i = 0; w->n_ticks == n && i < 1000; i++)
        assert_true(sd_event_run(w->fake.event, 10 * USEC_PER_MSEC) >= 0);
    assert_true(w->n_ticks > n);
}

void feed_calm_down(struct feed_world *w)
{
    fake_settle(&w->fake, UINT64_C(3) * FEED_TICK_MSEC);
}

int feed_set_up(void **state)
{
    struct feed_world *w = calloc(1, sizeof(*w));

    assert_non_null(w);
    fake_start_alone(&w->fake);
    assert_int_equal(systemd_new(w->fake.event, &w->systemd), 0);
    w->policy.policy = policy_from(POLICY);
    assert_int_equal(feed_new(w->fake.event, w->systemd, &w->policy, &w->feed), 0);
    feed_on_tick(w->feed, on_tick, w);
    assert_false(feed_hears(w->feed));
    assert_int_equal(systemd_start(w->systemd), 0);
    feed_wait_for_tick(w);
    assert_true(feed_hears(w->feed));
    *state = w;
    return 0;
}

int feed_tear_down(void **state)
{
    struct feed_world *w = *state;

    feed_free(w->feed);
    systemd_free(w->systemd);
    policy_free(w->policy.policy);
    fake_stop(&w->fake);
    free(w);
    return 0;
}

/* --- who asks --- */

/* "front", or a person as in people.h. */
static struct feed_reader reader_from(const char *who, struct person *person)
{
    *person = person_from(strcmp(who, "front") == 0 ? "" : who);
    return (struct feed_reader){ .person = person, .is_front = strcmp(who, "front") == 0 };
}

void feed_begin_at(struct feed_world *w, const char *who)
{
    _cleanup_(person_done) struct person person;
    const struct feed_reader reader = reader_from(who, &person);

    feed_cursor(w->feed, &reader, feed_place(w->feed), w->cursor);
}

const char *feed_news_of(struct feed_world *w, const char *who, const char *cursor)
{
    _cleanup_(person_done) struct person person;
    const struct feed_reader reader = reader_from(who, &person);
    struct feed_news told;
    uint64_t since;

    assert_true(feed_find(w->feed, cursor, &since));
    if (!feed_news(w->feed, &reader, since, &told))
        return "-";
    memcpy(w->cursor, told.cursor, sizeof(w->cursor));
    if (told.whole)
        return "whole";
    w->text[0] = '\0';
    for (size_t i = 0; i < told.n; i++)
        (void)snprintf(w->text + strlen(w->text), FEED_TEXT_SIZE - strlen(w->text), "%s ", told.units[i]);
    return w->text;
}

struct feed_somebody feed_somebody(struct feed_world *w, const char *who)
{
    struct feed_somebody s = { .who = who };

    feed_begin_at(w, who);
    memcpy(s.cursor, w->cursor, sizeof(s.cursor));
    return s;
}

void feed_assert_told(struct feed_world *w, struct feed_somebody *s, const char *expected)
{
    const char *text = feed_news_of(w, s->who, s->cursor);

    if (strcmp(text, expected) != 0)
        fail_msg("%s was told '%s', not '%s'", s->who, text, expected);
    if (strcmp(text, "-") != 0)
        memcpy(s->cursor, w->cursor, sizeof(s->cursor));
    assert_string_equal(feed_news_of(w, s->who, s->cursor), "-");
}

void feed_change(struct feed_world *w, const char *unit, const char *active, unsigned job)
{
    fake_moved_by(&w->fake, FAKE_PID1, unit, active, "x", job);
}
