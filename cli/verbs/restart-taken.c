/* The question is on its way like any other, and beside it the broker is asked for the press until it knows
 * it. Only then is the connection left: before that nobody could tell whether there is anything at its other
 * end. */
#include "cli/verbs/restart-taken.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/cleanup.h"

enum { AGAIN_USEC = 20 * 1000 };

struct taken {
    sd_event *event;
    sd_event_source *again;
    const struct cli_place *place;
    struct wire_call question; /* restarter.outcome */
    call_done done;            /* NULL: was called */
    void *userdata;
    unsigned pending;
};

static struct taken *taken_free(struct taken *taken)
{
    sd_event_source_unref(taken->again);
    free(taken);
    return NULL;
}
DEFINE_CLEANUP(struct taken *, taken_free);

bool taken_only(const struct wire_answer *answer)
{
    return strcmp(answer->restart.verdict, "under-way") == 0 ||
           strcmp(answer->restart.verdict, "watching") == 0;
}

/* Takes `end` over. */
static void finish(struct taken *taken, struct call_end *end)
{
    call_done done = taken->done;

    taken->done = NULL;
    if (done)
        done(end, taken->userdata);
    else
        call_end_done(end);
}

static void on_restarted(struct call_end *end, void *userdata)
{
    struct taken *taken = userdata;

    finish(taken, end);
    if (--taken->pending == 0)
        taken_free(taken);
}

static int ask(struct taken *taken);

static int on_again(_unused_ sd_event_source *source, _unused_ uint64_t usec, void *userdata)
{
    (void)ask(userdata);
    return 0;
}

/* It may not have come to the broker yet, or have been refused; then the other answer says it. */
static void on_told(struct call_end *end, void *userdata)
{
    struct taken *taken = userdata;

    taken->pending--;
    if (end->failure.exit_status == CLI_EXIT_OK) {
        finish(taken, end);
    } else {
        call_end_done(end);
        if (taken->done)
            (void)sd_event_source_set_time_relative(taken->again, AGAIN_USEC);
        if (taken->done)
            (void)sd_event_source_set_enabled(taken->again, SD_EVENT_ONESHOT);
    }
    if (taken->pending == 0)
        taken_free(taken);
}

static int ask(struct taken *taken)
{
    int r = call_start(taken->event, taken->place, &taken->question, 0, on_told, taken);

    if (r >= 0)
        taken->pending++;
    return r;
}

int taken_start(sd_event *event, const struct cli_place *place, const struct wire_call *call,
                uint64_t timeout_usec, call_done done, void *userdata)
{
    _cleanup_(taken_freep) struct taken *taken = calloc(1, sizeof(*taken));
    int r;

    if (!taken)
        return -ENOMEM;
    *taken = (struct taken){ .event = event, .place = place, .done = done, .userdata = userdata };
    taken->question = (struct wire_call){ .method = &WIRE_METHODS[WIRE_METHOD_OUTCOME] };
    (void)snprintf(taken->question.press, sizeof(taken->question.press), "%s", call->press);
    r = sd_event_add_time_relative(event, &taken->again, CLOCK_MONOTONIC, AGAIN_USEC, 0, on_again, taken);
    if (r >= 0)
        r = call_start(event, place, call, timeout_usec, on_restarted, taken);
    if (r < 0)
        return r;
    taken->pending++;
    taken = NULL;
    return 0;
}
