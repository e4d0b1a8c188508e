/* What PID 1 tells, weighed: does it concern anybody, is it another thing than what was told last, is it time
 * to let it out. */
#include "broker/live/feed.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "broker/live/changed.h"
#include "broker/systemd/systemd.h"
#include "common/cleanup.h"
#include "common/clock.h"
#include "common/unit-name.h"
#include "policy/in-force.h"

DEFINE_CLEANUP(struct feed *, feed_free);

struct feed {
    struct systemd *systemd;
    struct systemd_listener listener;
    const struct policy_in_force *policy;
    sd_event_source *tick, *deaf;
    struct cursor_key key;
    struct changed changed;
    uint64_t now;       /* the last tick with which something came out; counted from 1 */
    uint64_t all;       /* that with which everything may have changed */
    bool all_pending;   /* with the next one, it has */
    bool hears, is_out; /* somebody has a cursor */
    void (*ticked)(void *userdata);
    void *userdata;
};

/* --- who sees what --- */

/* Somebody may do something to it. */
static bool is_granted(const struct feed *feed, const char *unit)
{
    const struct policy *policy = feed->policy->policy;
    const struct person root = { .is_root = true };
    struct unit_name name;

    return policy && unit_name_parse(unit, &name) == 0 && policy_verbs(policy, &root, &name) != 0;
}

/* As on the list (broker/calls/rows.h), of a unit that is granted. */
static bool sees(const struct feed *feed, const struct feed_reader *reader, const char *unit)
{
    const struct policy *policy = feed->policy->policy;
    struct unit_name name;

    return reader->is_front || policy_is_admin(policy, reader->person) ||
           (policy && unit_name_parse(unit, &name) == 0 && policy_verbs(policy, reader->person, &name) != 0);
}

/* --- what comes out --- */

static void come_out(struct feed *feed)
{
    if (!feed->all_pending && !changed_has_pending(&feed->changed))
        return;
    feed->now++;
    changed_come_out(&feed->changed, feed->now);
    if (!feed->all_pending)
        return;
    feed->all_pending = false;
    feed->all = feed->now;
    changed_done(&feed->changed);
}

static int on_tick(_unused_ sd_event_source *source, _unused_ uint64_t usec, void *userdata)
{
    struct feed *feed = userdata;

    come_out(feed);
    if (feed->ticked)
        feed->ticked(feed->userdata);
    return 0;
}

/* On the next tenth of a second. */
static void arm(struct feed *feed)
{
    const uint64_t tick_usec = FEED_TICK_MSEC * USEC_PER_MSEC;
    int enabled = SD_EVENT_OFF;

    (void)sd_event_source_get_enabled(feed->tick, &enabled);
    if (enabled != SD_EVENT_OFF)
        return;
    (void)sd_event_source_set_time(feed->tick, (clock_usec() / tick_usec + 1) * tick_usec);
    (void)sd_event_source_set_enabled(feed->tick, SD_EVENT_ONESHOT);
}

static void note_all(struct feed *feed)
{
    feed->all_pending = true;
    arm(feed);
}

void feed_forget(struct feed *feed)
{
    note_all(feed);
}

/* --- what PID 1 tells --- */

static uint64_t add_to_sum(uint64_t sum, const void *bytes, size_t size)
{
    for (const uint8_t *byte = bytes; size > 0; size--, byte++)
        sum = (sum ^ *byte) * UINT64_C(1099511628211);
    return sum;
}

/* FNV-1a, and never 0. */
static uint64_t sum_of_state(const struct unit_change *change)
{
    uint64_t sum = UINT64_C(14695981039346656037);

    sum = add_to_sum(sum, change->active_state, strlen(change->active_state) + 1);
    sum = add_to_sum(sum, change->sub_state ? change->sub_state : "",
                     change->sub_state ? strlen(change->sub_state) : 0);
    sum = add_to_sum(sum, &change->since_usec, sizeof(change->since_usec));
    return add_to_sum(sum, &change->job, sizeof(change->job)) | 1;
}

static uint64_t sum_of_result(const struct unit_change *change)
{
    return add_to_sum(UINT64_C(14695981039346656037), change->result, strlen(change->result)) | 1;
}

/* PID 1 tells all about a unit whenever something about it changes, its status text for instance. */
static bool is_news(struct changed_unit *unit, const struct unit_change *change)
{
    uint64_t state = change->active_state ? sum_of_state(change) : unit->state;
    uint64_t result = change->result ? sum_of_result(change) : unit->result;
    bool is_news = state != unit->state || result != unit->result;

    unit->state = state;
    unit->result = result;
    return is_news;
}

static void on_moved(struct feed *feed, struct changed_unit *unit, bool came)
{
    /* Somebody looked at one that is not loaded, which loads it for that moment. */
    if (!came && unit->only_loaded) {
        changed_take_back(&feed->changed, unit);
        return;
    }
    unit->only_loaded = came && !unit->is_pending;
    unit->moved = true;
    unit->state = unit->result = 0;
    changed_note(&feed->changed, unit);
    arm(feed);
}

static void on_told(struct feed *feed, struct changed_unit *unit, const struct unit_change *change)
{
    if (!is_news(unit, change))
        return;
    unit->only_loaded = false;
    changed_note(&feed->changed, unit);
    arm(feed);
}

/* NULL: everybody is told to look. */
static struct changed_unit *find_unit(struct feed *feed, const char *name)
{
    struct changed_unit *unit = feed->changed.n < FEED_KEPT_MAX ? changed_get(&feed->changed, name) : NULL;

    if (!unit)
        note_all(feed);
    return unit;
}

void feed_note(struct feed *feed, const char *name)
{
    struct changed_unit *unit = feed->all_pending || !is_granted(feed, name) ? NULL : find_unit(feed, name);

    if (!unit)
        return;
    unit->only_loaded = false;
    changed_note(&feed->changed, unit);
    arm(feed);
}

static void on_unit_changed(const char *name, const struct unit_change *change, void *userdata)
{
    struct feed *feed = userdata;
    struct changed_unit *unit;

    if (feed->all_pending || !is_granted(feed, name))
        return;
    unit = find_unit(feed, name);
    if (!unit)
        return;
    if (change->kind == UNIT_CHANGED)
        on_told(feed, unit, change);
    else
        on_moved(feed, unit, change->kind == UNIT_LOADED);
}

static void on_reloaded(bool settled, void *userdata)
{
    if (settled)
        note_all(userdata);
}

static void on_unit_files_changed(void *userdata)
{
    note_all(userdata);
}

/* Not heard is what happened meanwhile; but what nobody has looked at yet nobody has missed. */
static void on_units_heard(bool heard, void *userdata)
{
    struct feed *feed = userdata;

    feed->hears = heard;
    (void)sd_event_source_set_enabled(feed->deaf, heard ? SD_EVENT_OFF : SD_EVENT_ONESHOT);
    if (heard && feed->is_out)
        note_all(feed);
    else if (heard)
        arm(feed);
    else
        (void)sd_event_source_set_time_relative(feed->deaf, FEED_DEAF_MSEC * USEC_PER_MSEC);
}

static int on_deaf(sd_event_source *source, _unused_ uint64_t usec, void *userdata)
{
    note_all(userdata);
    (void)sd_event_source_set_time_relative(source, FEED_DEAF_MSEC * USEC_PER_MSEC);
    (void)sd_event_source_set_enabled(source, SD_EVENT_ONESHOT);
    return 0;
}

/* --- who asks --- */

bool feed_hears(const struct feed *feed)
{
    return feed->hears;
}

uint64_t feed_place(const struct feed *feed)
{
    return feed->now;
}

bool feed_find(const struct feed *feed, const char *cursor, uint64_t *ret)
{
    return cursor_read(&feed->key, cursor, ret);
}

/* Of a unit that is pending again, its last change that has come out is enough: the next one is still to
 * come. */
static uint64_t last_seen(const struct feed *feed, const struct feed_reader *reader, uint64_t place)
{
    const struct changed_unit *unit;

    TAILQ_FOREACH(unit, &feed->changed.list, link)
        if (unit->last <= place && sees(feed, reader, unit->unit))
            return unit->last;
    return feed->all <= place ? feed->all : place;
}

void feed_cursor(struct feed *feed, const struct feed_reader *reader, uint64_t place,
                 char ret[static CURSOR_SIZE])
{
    feed->is_out = true;
    cursor_write(&feed->key, last_seen(feed, reader, place), ret);
}

/* False: too much. */
static bool add_unit(struct feed_news *news, const struct feed_reader *reader,
                     const struct changed_unit *unit, uint64_t since)
{
    if (reader->is_front)
        return true;
    if (unit->came > since || news->n == FEED_UNITS_MAX)
        return false;
    news->units[news->n++] = unit->unit;
    return true;
}

static bool collect(struct feed *feed, const struct feed_reader *reader, uint64_t since,
                    struct feed_news *news)
{
    const struct changed_unit *unit = NULL;
    bool any = false;

    TAILQ_FOREACH(unit, &feed->changed.list, link) {
        if (unit->last <= since)
            break;
        if (!sees(feed, reader, unit->unit))
            continue;
        any = true;
        news->whole = !add_unit(news, reader, unit, since);
        if (news->whole)
            break;
    }
    return any;
}

bool feed_news(struct feed *feed, const struct feed_reader *reader, uint64_t since, struct feed_news *ret)
{
    struct feed_news news = { .whole = since < feed->all };

    if (!news.whole && !collect(feed, reader, since, &news))
        return false;
    if (news.whole)
        news.n = 0;
    feed_cursor(feed, reader, feed->now, news.cursor);
    *ret = news;
    return true;
}

/* --- the feed --- */

void feed_on_tick(struct feed *feed, void (*ticked)(void *userdata), void *userdata)
{
    feed->ticked = ticked;
    feed->userdata = userdata;
}

static void listen_to(struct feed *feed, struct systemd *systemd)
{
    feed->systemd = systemd;
    feed->listener = (struct systemd_listener){
        .reloaded = on_reloaded,
        .unit_files_changed = on_unit_files_changed,
        .unit_changed = on_unit_changed,
        .units_heard = on_units_heard,
        .userdata = feed,
    };
    systemd_listen(systemd, &feed->listener);
}

int feed_new(sd_event *event, struct systemd *systemd, const struct policy_in_force *policy,
             struct feed **ret)
{
    _cleanup_(feed_freep) struct feed *feed = calloc(1, sizeof(*feed));
    int r;

    if (!feed)
        return -ENOMEM;
    feed->policy = policy;
    feed->now = feed->all = 1;
    changed_init(&feed->changed);
    r = cursor_key_make(&feed->key);
    if (r >= 0)
        r = sd_event_add_time(event, &feed->tick, CLOCK_MONOTONIC, 0, 1, on_tick, feed);
    if (r >= 0)
        r = sd_event_source_set_enabled(feed->tick, SD_EVENT_OFF);
    if (r >= 0)
        r = sd_event_add_time_relative(event, &feed->deaf, CLOCK_MONOTONIC, FEED_DEAF_MSEC * USEC_PER_MSEC, 1,
                                       on_deaf, feed);
    if (r < 0)
        return r;
    listen_to(feed, systemd);
    *ret = TAKE_PTR(feed);
    return 0;
}

struct feed *feed_free(struct feed *feed)
{
    if (!feed)
        return NULL;
    if (feed->systemd)
        systemd_listen_end(feed->systemd, &feed->listener);
    changed_done(&feed->changed);
    sd_event_source_disable_unref(feed->tick);
    sd_event_source_disable_unref(feed->deaf);
    free(feed);
    return NULL;
}
