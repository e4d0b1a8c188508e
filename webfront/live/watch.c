/* A broker that ends, for an upgrade or because it had nothing to do, leaves its socket: the next call starts
 * the next one. So one call that fails says nothing yet, and two in a row do. */
#include "webfront/live/watch.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/cleanup.h"
#include "common/clock.h"

enum {
    ASK_SEC = 50,                     /* that the broker may take when nothing changes */
    PATIENCE_USEC = 60 * 1000 * 1000, /* that it has in all */
    PAUSE_USEC = 100 * 1000,          /* between the beginnings of two calls, at least */
    BACKOFF_MIN_USEC = 200 * 1000,    /* after one that failed, twice as long after each further one */
    BACKOFF_MAX_USEC = 5 * 1000 * 1000,
};

struct watch {
    struct calls *calls;
    struct watch_callbacks callbacks;
    char *cursor; /* NULL: none yet */
    struct flight *call;
    sd_event_source *again;
    uint64_t asked_usec;
    unsigned failures; /* in a row */
    bool running;
};

static void ask_in(struct watch *watch, uint64_t usec)
{
    (void)sd_event_source_set_time_relative(watch->again, usec);
    (void)sd_event_source_set_enabled(watch->again, SD_EVENT_ONESHOT);
}

static void fail(struct watch *watch)
{
    uint64_t pause = BACKOFF_MIN_USEC;

    for (unsigned i = 0; i < watch->failures && pause < BACKOFF_MAX_USEC; i++)
        pause *= 2;
    ask_in(watch, pause < BACKOFF_MAX_USEC ? pause : BACKOFF_MAX_USEC);
    if (++watch->failures == WATCH_FAILURES)
        watch->callbacks.lost(watch->callbacks.userdata);
}

/* The next call begins when this one has been heard, so that nothing happens between them unseen: the cursor
 * says from where on. */
static void hear(struct watch *watch, const struct wire_changes *changes)
{
    bool changed = changes->whole || watch->failures > 0 || !watch->cursor ||
                   strcmp(changes->cursor, watch->cursor) != 0;
    uint64_t passed = clock_usec() - watch->asked_usec;
    char *cursor = strdup(changes->cursor);

    free(watch->cursor);
    watch->cursor = cursor;
    watch->failures = 0;
    ask_in(watch, passed < PAUSE_USEC ? PAUSE_USEC - passed : 0);
    if (changed)
        watch->callbacks.changed(watch->callbacks.userdata);
}

static void on_answer(const struct rpc_client_answer *answer, void *userdata)
{
    struct wire_answer wire = { .kind = WIRE_NONE };
    struct watch *watch = userdata;
    bool good = answer->result == RPC_CLIENT_ANSWERED &&
                wire_answer_parse(WIRE_CHANGES, answer->body, answer->size, &wire) == 0;

    watch->call = NULL;
    if (good && wire.kind == WIRE_CHANGES)
        hear(watch, &wire.changes);
    else
        fail(watch);
    if (good)
        wire_answer_done(&wire);
}

static void ask(struct watch *watch)
{
    static const struct rpc_client_caller NOBODY = { 0 };
    struct wire_call call = { .method = &WIRE_METHODS[WIRE_METHOD_CHANGES], .seconds = ASK_SEC };

    if (watch->cursor)
        (void)snprintf(call.cursor, sizeof(call.cursor), "%s", watch->cursor);
    watch->asked_usec = clock_usec();
    if (calls_send(watch->calls, &call, &NOBODY, PATIENCE_USEC, on_answer, watch, &watch->call) < 0)
        fail(watch);
}

static int on_again(_unused_ sd_event_source *source, _unused_ uint64_t usec, void *userdata)
{
    ask(userdata);
    return 0;
}

void watch_start(struct watch *watch)
{
    if (watch->running)
        return;
    watch->running = true;
    ask(watch);
}

void watch_stop(struct watch *watch)
{
    watch->running = false;
    watch->failures = 0;
    watch->call = flight_free(watch->call);
    (void)sd_event_source_set_enabled(watch->again, SD_EVENT_OFF);
    free(TAKE_PTR(watch->cursor));
}

bool watch_is_lost(const struct watch *watch)
{
    return watch->failures >= WATCH_FAILURES;
}

DEFINE_CLEANUP(struct watch *, watch_free);

int watch_new(sd_event *event, struct calls *calls, const struct watch_callbacks *callbacks,
              struct watch **ret)
{
    _cleanup_(watch_freep) struct watch *watch = calloc(1, sizeof(*watch));
    int r;

    if (!watch)
        return -ENOMEM;
    watch->calls = calls;
    watch->callbacks = *callbacks;
    r = sd_event_add_time_relative(event, &watch->again, CLOCK_MONOTONIC, 0, 1, on_again, watch);
    if (r >= 0)
        r = sd_event_source_set_enabled(watch->again, SD_EVENT_OFF);
    if (r < 0)
        return r;
    *ret = TAKE_PTR(watch);
    return 0;
}

struct watch *watch_free(struct watch *watch)
{
    if (!watch)
        return NULL;
    watch_stop(watch);
    sd_event_source_disable_unref(watch->again);
    free(watch);
    return NULL;
}
