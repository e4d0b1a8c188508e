/* A page is told what changed if all of it is kept, and the whole list otherwise: the first time, when it has
 * missed too much, and when the list could not be had for a while. */
#include "webfront/live/group.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "common/cleanup.h"
#include "common/clock.h"
#include "common/refusal.h"
#include "webfront/calls/list-snapshot.h"
#include "webfront/live/event.h"
#include "webfront/live/section.h"

/* --- life --- */

static size_t room_for(const char *text)
{
    return text ? strlen(text) + 1 : 0;
}

/* Copies `text` to `*at`, and moves behind it. */
static const char *keep(const char *text, char **at)
{
    const char *kept = *at;

    if (!text)
        return NULL;
    *at = stpcpy(*at, text) + 1;
    return kept;
}

static bool copy_caller(struct group *group, const struct rpc_client_caller *caller)
{
    size_t size = room_for(caller->ticket) + room_for(caller->user) + room_for(caller->groups);
    char *at = group->text = malloc(size + 1);

    if (!at)
        return false;
    group->caller.ticket = keep(caller->ticket, &at);
    group->caller.user = keep(caller->user, &at);
    group->caller.groups = keep(caller->groups, &at);
    return true;
}

DEFINE_CLEANUP(struct group *, group_free);

struct group *group_new(struct calls *calls, const struct page_site *site,
                        const struct rpc_client_caller *caller, const struct wire_list_options *part)
{
    _cleanup_(group_freep) struct group *group = calloc(1, sizeof(*group));

    if (!group || !copy_caller(group, caller) || ring_begin(&group->ring) < 0)
        return NULL;
    caller_key(caller, group->key);
    caller_name(caller, group->name);
    group->let_in = caller->user;
    group->part = *part;
    group->site = *site;
    group->calls = calls;
    group->due = true;
    return TAKE_PTR(group);
}

struct group *group_free(struct group *group)
{
    if (!group)
        return NULL;
    flight_free(group->flight);
    ring_done(&group->ring);
    http_piece_unref(group->whole);
    http_piece_unref(group->lost);
    view_free(group->view);
    free(group->text);
    free(group);
    return NULL;
}

struct group_stream *group_join(struct group *group, const char *last_event_id)
{
    struct group_stream *stream = calloc(1, sizeof(*stream));

    if (!stream)
        return NULL;
    stream->group = group;
    stream->wants_whole = !ring_find(&group->ring, last_event_id, &stream->at);
    LIST_INSERT_HEAD(&group->streams, stream, link);
    group->n_streams++;
    return stream;
}

void group_leave(struct group_stream *stream)
{
    LIST_REMOVE(stream, link);
    stream->group->n_streams--;
    free(stream);
}

void group_wake(struct group *group)
{
    const struct group_stream *stream;

    LIST_FOREACH(stream, &group->streams, link)
        http_stream_wake(stream->http);
}

/* --- what the broker says --- */

static struct http_piece *new_event(const struct group *group, const char *kind, uint64_t number,
                                    const struct view_text *text)
{
    char id[RING_ID_SIZE];

    ring_id(&group->ring, number, id);
    return event_new(kind, id, text->text, text->size);
}

/* Without memory for a change, everybody gets the whole list. */
static void add_change(struct group *group, const struct view_text *change)
{
    struct http_piece *event = new_event(group, "rows", group->ring.last + 1, change);

    if (event)
        ring_add(&group->ring, event,
                 http_pieces_bytes() < GROUP_BYTES_MAX ? http_piece_size(group->whole) : 0);
    else
        group->ring.last += 1 + RING_EVENTS;
}

static int adopt_view(struct group *group, const struct wire_list *listing)
{
    struct view_text whole = { 0 }, change = { 0 };
    struct http_piece *piece = NULL;
    struct view *view = NULL;
    bool is_new = !group->view;
    const struct page_list list = { .listing = listing, .part = group->part };
    int r = view_new(&group->site, &list, group->view, &view, &whole, &change);

    if (r < 0)
        return r;
    if (is_new || change.text)
        piece = new_event(group, "whole", group->ring.last + (is_new ? 0 : 1), &whole);
    if (piece) {
        http_piece_unref(group->whole);
        group->whole = piece;
        if (change.text)
            add_change(group, &change);
        view_free(group->view);
        group->view = TAKE_PTR(view);
    }
    view_free(view);
    free(whole.text);
    free(change.text);
    return piece || !(is_new || change.text) ? 0 : -1;
}

/* All of it in one event, which is sent when it is another one. */
static int adopt_section(struct group *group, const struct wire_list *listing)
{
    struct http_piece *piece = section_event(&group->site, &group->part, listing, NULL, 0);

    if (!piece)
        return -1;
    if (group->whole && section_same(group->whole, piece)) {
        http_piece_unref(piece);
        return 0;
    }
    http_piece_unref(group->whole);
    group->whole = piece;
    group->ring.last += 1 + RING_EVENTS;
    return 0;
}

static int adopt(struct group *group, const struct wire_list *listing)
{
    if (group->site.section)
        return adopt_section(group, listing);
    return adopt_view(group, listing);
}

static void try_again_in(struct group *group, uint64_t usec)
{
    group->due = true;
    group->not_before_usec = clock_usec() + usec;
}

/* A broker that was killed, or told to end, takes along the questions that it had, and no more is wrong: the
 * next question waits at its socket for the next one. */
static void note_failure(struct group *group)
{
    group->failures++;
    try_again_in(group, group->failures < GROUP_FAILURES ? GROUP_PAUSE_USEC : GROUP_RETRY_USEC);
    if (group->failures >= GROUP_FAILURES)
        group_lose(group);
}

static void take_list(struct group *group, const struct wire_list *listing)
{
    group->let_in = true;
    calls_note_admitted(group->calls, &group->caller);
    if (adopt(group, listing) < 0) {
        try_again_in(group, GROUP_RETRY_USEC);
        return;
    }
    group->failures = 0;
    group->lost = http_piece_unref(group->lost);
    group_wake(group);
}

/* Another machine that answers with a problem is not gone: its section says what it said. */
static void take_problem_there(struct group *group, const char *problem)
{
    struct http_piece *piece = calls_silent_usec(group->calls) == 0
                                   ? section_event(&group->site, &group->part, NULL, problem, 0)
                                   : NULL;

    if (!piece)
        return;
    if (group->lost && section_same(group->lost, piece)) {
        http_piece_unref(piece);
        return;
    }
    http_piece_unref(group->lost);
    group->lost = piece;
    group_wake(group);
}

static void take_problem(struct group *group, const struct outcome *problem)
{
    if (group->site.section && problem->code != REFUSAL_LOGIN)
        take_problem_there(group, problem->message);
    if (problem->code == REFUSAL_LOGIN) {
        group->over = true;
        group_wake(group);
        return;
    }
    if (problem->code == REFUSAL_BUSY)
        try_again_in(group, GROUP_RETRY_USEC);
    else
        note_failure(group);
}

static void land(struct group *group, const struct rpc_client_answer *answer)
{
    struct list_snapshot *snapshot =
        list_snapshot_new(calls_machine(group->calls), &group->caller, &group->part, answer);

    group->flight = NULL;
    if (!snapshot)
        try_again_in(group, GROUP_RETRY_USEC);
    else if (snapshot->problem.message)
        take_problem(group, &snapshot->problem);
    else
        take_list(group, &snapshot->answer.list);
    list_snapshot_free(snapshot);
    group->landed(group, group->userdata);
}

static void on_answer(const struct rpc_client_answer *answer, void *userdata)
{
    land(userdata, answer);
}

void group_ask(struct group *group)
{
    const struct wire_call call = { .method = &WIRE_METHODS[WIRE_METHOD_LIST], .list = group->part };
    int r;

    group->due = false;
    group->not_before_usec = clock_usec() + GROUP_PAUSE_USEC;
    r = calls_send(group->calls, &call, &group->caller, CALLS_READ_USEC, on_answer, group, &group->flight);
    if (r < 0)
        land(group, &(struct rpc_client_answer){ .result = RPC_CLIENT_NOT_SENT, .error = -r });
}

static void lose_section(struct group *group)
{
    uint64_t usec = calls_silent_usec(group->calls);

    group->lost = section_event(&group->site, &group->part, NULL, NULL, usec / USEC_PER_SEC + 1);
    group_wake(group);
}

void group_lose(struct group *group)
{
    char since[32];

    if (group->lost)
        return;
    if (group->site.section) {
        lose_section(group);
        return;
    }
    (void)snprintf(since, sizeof(since), "%lld", (long long)time(NULL));
    group->lost = event_new("lost", NULL, since, strlen(since));
    group_wake(group);
}

/* --- what a page is told --- */

static struct http_piece *tell_end(struct group_stream *stream)
{
    if (!stream->knows_end) {
        stream->knows_end = true;
        return event_new("ended", NULL, "", 0);
    }
    http_stream_end(stream->http);
    return NULL;
}

static struct http_piece *tell_lost(struct group_stream *stream)
{
    if (stream->knows_lost)
        return NULL;
    stream->knows_lost = stream->wants_whole = true;
    return http_piece_ref(stream->group->lost);
}

static struct http_piece *tell_whole(struct group_stream *stream)
{
    struct group *group = stream->group;

    if (!group->whole)
        return NULL;
    stream->wants_whole = false;
    stream->at = group->ring.last;
    return http_piece_ref(group->whole);
}

static struct http_piece *tell_change(struct group_stream *stream)
{
    struct http_piece *event = ring_next(&stream->group->ring, stream->at);

    stream->at += event != NULL;
    return event;
}

static struct http_piece *tell_news(struct group_stream *stream)
{
    const struct group *group = stream->group;

    if (group->lost)
        return tell_lost(stream);
    stream->knows_lost = false;
    if (stream->wants_whole || !ring_reaches(&group->ring, stream->at))
        return tell_whole(stream);
    return tell_change(stream);
}

struct http_piece *group_next(struct group_stream *stream, unsigned beat, struct http_piece *pulse)
{
    struct http_piece *piece;

    if (stream->group->over)
        return tell_end(stream);
    piece = tell_news(stream);
    if (!piece && stream->beat != beat && pulse)
        piece = http_piece_ref(pulse);
    stream->beat = beat;
    return piece;
}
