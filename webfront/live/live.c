/* Groups take turns: who has been asked for goes to the end of the queue, and so does who comes. */
#include "webfront/live/live.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "common/cleanup.h"
#include "common/clock.h"
#include "common/places.h"
#include "common/turn.h"
#include "webfront/live/event.h"
#include "webfront/live/group.h"
#include "webfront/live/share.h"
#include "webfront/live/watch.h"

struct live {
    struct calls *calls;
    unsigned streams; /* that may be open */
    struct groups groups;
    unsigned n_groups, n_streams, n_flights;
    struct watch *watch;
    void (*changed)(void *userdata); /* may be NULL */
    void *userdata;
    /* To ask for lists that are due: at the next turn of the loop, which nobody who comes puts off; and when
     * one of them may be asked for again. */
    sd_event_source *soon, *later;
    sd_event_source *beat;
    unsigned n_beats;
    struct http_piece *pulse;
    bool stopped;
};

static void arm(sd_event_source *source, uint64_t usec)
{
    (void)sd_event_source_set_time_relative(source, usec);
    (void)sd_event_source_set_enabled(source, SD_EVENT_ONESHOT);
}

/* --- asking --- */

static struct group *find_due(const struct live *live, uint64_t now, uint64_t *ret_next)
{
    struct group *group;

    *ret_next = UINT64_MAX;
    TAILQ_FOREACH(group, &live->groups, link) {
        if (!group->due || group->flight || group->over)
            continue;
        if (group->not_before_usec <= now)
            return group;
        if (group->not_before_usec < *ret_next)
            *ret_next = group->not_before_usec;
    }
    return NULL;
}

static void take_turns(struct live *live)
{
    uint64_t now = clock_usec(), next = UINT64_MAX;
    struct group *group;

    while (live->n_flights < LIVE_FLIGHTS_MAX && (group = find_due(live, now, &next))) {
        TAILQ_REMOVE(&live->groups, group, link);
        TAILQ_INSERT_TAIL(&live->groups, group, link);
        live->n_flights++;
        group_ask(group);
    }
    if (next != UINT64_MAX)
        arm(live->later, next - now);
}

static int on_soon(_unused_ sd_event_source *source, _unused_ uint64_t usec, void *userdata)
{
    take_turns(userdata);
    return 0;
}

static int on_later(_unused_ sd_event_source *source, _unused_ uint64_t usec, void *userdata)
{
    take_turns(userdata);
    return 0;
}

/* Soon, and never from within what is going on just now. */
static void note_due(struct live *live)
{
    if (!live->stopped)
        turn_take(live->soon);
}

static void on_landed(_unused_ struct group *group, void *userdata)
{
    struct live *live = userdata;

    live->n_flights--;
    note_due(live);
}

void live_refresh(struct live *live)
{
    struct group *group;

    TAILQ_FOREACH(group, &live->groups, link)
        group->due = true;
    note_due(live);
}

/* --- what the watch says --- */

static void on_changed(void *userdata)
{
    struct live *live = userdata;

    if (live->changed)
        live->changed(live->userdata);
    live_refresh(live);
}

static void on_lost(void *userdata)
{
    struct live *live = userdata;
    struct group *group;

    TAILQ_FOREACH(group, &live->groups, link)
        group_lose(group);
}

/* --- what is said when nothing is --- */

/* A login may end without a change of any unit: the broker is asked whether it holds. */
static int on_beat(sd_event_source *source, _unused_ uint64_t usec, void *userdata)
{
    struct live *live = userdata;
    struct group *group;

    live->n_beats++;
    TAILQ_FOREACH(group, &live->groups, link) {
        group->due = group->due || group->caller.ticket;
        group_wake(group);
    }
    take_turns(live);
    arm(source, LIVE_BEAT_SEC * USEC_PER_SEC);
    return 0;
}

void live_on_change(struct live *live, void (*changed)(void *userdata), void *userdata)
{
    live->changed = changed;
    live->userdata = userdata;
}

/* --- coming and going --- */

static bool is_full(const struct live *live, const struct rpc_client_caller *caller, bool needs_group)
{
    struct share own = share_of(&live->groups, caller);

    return places_full(live->streams, live->n_streams, own.streams) ||
           (needs_group && (groups_bytes(&live->groups) >= LIVE_BYTES_MAX ||
                            places_full(LIVE_GROUPS_MAX, live->n_groups, own.groups)));
}

static void forget_if_empty(struct live *live, struct group *group)
{
    if (group->n_streams > 0)
        return;
    live->n_flights -= group->flight != NULL;
    TAILQ_REMOVE(&live->groups, group, link);
    live->n_groups--;
    group_free(group);
    if (live->n_groups == 0) {
        watch_stop(live->watch);
        (void)sd_event_source_set_enabled(live->beat, SD_EVENT_OFF);
    }
}

static struct group *add_group(struct live *live, const struct page_site *site,
                               const struct rpc_client_caller *caller, const struct wire_list_options *part)
{
    struct group *group = group_new(live->calls, site, caller, part);

    if (!group)
        return NULL;
    group->landed = on_landed;
    group->userdata = live;
    TAILQ_INSERT_TAIL(&live->groups, group, link);
    if (live->n_groups++ == 0) {
        watch_start(live->watch);
        arm(live->beat, LIVE_BEAT_SEC * USEC_PER_SEC);
    }
    if (watch_is_lost(live->watch))
        group_lose(group);
    note_due(live);
    return group;
}

/* --- streams --- */

struct live_stream {
    struct live *live;
    struct group_stream *page;
    struct live_stream *section; /* of another machine, on the same connection; NULL: there are no more */
};

static struct http_piece *on_next(void *userdata)
{
    struct live_stream *stream = userdata;
    struct live *live = stream->live;

    struct http_piece *piece;

    if (live->stopped)
        return NULL;
    piece = group_next(stream->page, live->n_beats, live->pulse);
    for (stream = stream->section; stream && !piece; stream = stream->section)
        piece = group_next(stream->page, stream->live->n_beats, NULL);
    return piece;
}

static void leave(struct live_stream *stream)
{
    struct live *live = stream->live;
    struct group *group = stream->page->group;

    group_leave(stream->page);
    live->n_streams--;
    free(stream);
    forget_if_empty(live, group);
}

static void on_ended(void *userdata)
{
    struct live_stream *stream = userdata, *next;

    for (; stream; stream = next) {
        next = stream->section;
        leave(stream);
    }
}

static int open_stream(struct live *live, struct group *group, struct http_request *request,
                       const char *last_event_id, struct MHD_Response **ret, struct live_stream **ret_stream)
{
    _cleanup_(freep) struct live_stream *stream = calloc(1, sizeof(*stream));
    const struct http_feed feed = { .next = on_next, .ended = on_ended, .userdata = stream };
    int r;

    if (!stream)
        return -ENOMEM;
    stream->live = live;
    stream->page = group_join(group, last_event_id);
    if (!stream->page)
        return -ENOMEM;
    stream->page->beat = live->n_beats;
    r = http_stream_new(request, &feed, &stream->page->http, ret);
    if (r != 0) {
        group_leave(stream->page);
        return r < 0 ? r : LIVE_E_FULL;
    }
    live->n_streams++;
    *ret_stream = TAKE_PTR(stream);
    return 0;
}

static int open_section(struct live *far, struct group *group, struct live_stream *beside)
{
    struct live_stream *stream = calloc(1, sizeof(*stream));

    if (!stream)
        return -ENOMEM;
    stream->live = far;
    stream->page = group_join(group, NULL);
    if (!stream->page) {
        free(stream);
        return -ENOMEM;
    }
    stream->page->http = beside->page->http;
    stream->page->beat = far->n_beats;
    stream->section = beside->section;
    beside->section = stream;
    far->n_streams++;
    return 0;
}

/* The group of that list, which may be new. */
static int find_or_add(struct live *live, const struct rpc_client_caller *caller,
                       const struct page_site *site, const struct wire_list_options *part, struct group **ret)
{
    uint8_t key[CALLER_KEY_SIZE];
    struct group *group;

    caller_key(caller, key);
    group = groups_find(&live->groups, key, site, part);
    if (live->stopped || is_full(live, caller, !group))
        return LIVE_E_FULL;
    *ret = group ? group : add_group(live, site, caller, part);
    return *ret ? 0 : -ENOMEM;
}

int live_join_section(struct live_stream *stream, struct live *far, const struct rpc_client_caller *caller,
                      const struct page_site *site, const struct wire_list_options *part)
{
    struct group *group = NULL;
    int r = find_or_add(far, caller, site, part, &group);

    if (r == 0)
        r = open_section(far, group, stream);
    if (r != 0 && group)
        forget_if_empty(far, group);
    return r;
}

int live_join(struct live *live, struct http_request *request, const struct rpc_client_caller *caller,
              const struct page_site *site, const struct wire_list_options *part, const char *last_event_id,
              struct MHD_Response **ret, struct live_stream **ret_stream)
{
    struct group *group = NULL;
    int r = find_or_add(live, caller, site, part, &group);

    if (r == 0)
        r = open_stream(live, group, request, last_event_id, ret, ret_stream);
    if (r != 0 && group)
        forget_if_empty(live, group);
    return r;
}

/* --- life --- */

static int add_timer(sd_event *event, sd_event_source **ret, sd_event_time_handler_t callback,
                     struct live *live)
{
    int r = sd_event_add_time_relative(event, ret, CLOCK_MONOTONIC, 0, 1, callback, live);

    return r < 0 ? r : sd_event_source_set_enabled(*ret, SD_EVENT_OFF);
}

DEFINE_CLEANUP(struct live *, live_free);

int live_new(sd_event *event, struct calls *calls, unsigned streams, struct live **ret)
{
    _cleanup_(live_freep) struct live *live = calloc(1, sizeof(*live));
    const struct watch_callbacks callbacks = { .changed = on_changed, .lost = on_lost, .userdata = live };
    int r;

    if (!live)
        return -ENOMEM;
    live->calls = calls;
    live->streams = streams;
    TAILQ_INIT(&live->groups);
    live->pulse = event_new_beat();
    r = live->pulse ? watch_new(event, calls, &callbacks, &live->watch) : -ENOMEM;
    if (r >= 0)
        r = turn_new(event, on_soon, live, &live->soon);
    if (r >= 0)
        r = add_timer(event, &live->later, on_later, live);
    if (r >= 0)
        r = add_timer(event, &live->beat, on_beat, live);
    if (r < 0)
        return r;
    *ret = TAKE_PTR(live);
    return 0;
}

void live_stop(struct live *live)
{
    struct group *group;

    live->stopped = true;
    watch_stop(live->watch);
    TAILQ_FOREACH(group, &live->groups, link)
        group->flight = flight_free(group->flight);
    live->n_flights = 0;
    (void)sd_event_source_set_enabled(live->soon, SD_EVENT_OFF);
    (void)sd_event_source_set_enabled(live->later, SD_EVENT_OFF);
    (void)sd_event_source_set_enabled(live->beat, SD_EVENT_OFF);
}

struct live *live_free(struct live *live)
{
    if (!live)
        return NULL;
    watch_free(live->watch);
    sd_event_source_disable_unref(live->soon);
    sd_event_source_disable_unref(live->later);
    sd_event_source_disable_unref(live->beat);
    http_piece_unref(live->pulse);
    free(live);
    return NULL;
}
