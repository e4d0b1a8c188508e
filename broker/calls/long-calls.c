/* A queue, of which one is read at a time. */
#include "broker/calls/long-calls.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/queue.h>

#include "broker/calls/request.h"
#include "broker/outcome/outcome.h"
#include "broker/outcome/sentence.h"
#include "common/turn.h"

struct waiter {
    TAILQ_ENTRY(waiter) link;
    struct long_calls *calls;
    struct request *request;
};

TAILQ_HEAD(waiter_list, waiter);

struct long_calls {
    struct waiter_list list;
    unsigned n;
    sd_event_source *turn;
    long_calls_read read;
    void *userdata;
};

static struct request *leave(struct waiter *waiter)
{
    struct request *request = waiter->request;

    TAILQ_REMOVE(&waiter->calls->list, waiter, link);
    waiter->calls->n--;
    free(waiter);
    return request;
}

/* Nothing has been done, or even read. */
static void on_gone(void *userdata)
{
    struct request *request = leave(userdata);

    request_hang_up(request);
    request_drop(request);
}

static int on_turn(_unused_ sd_event_source *source, _unused_ uint64_t usec, void *userdata)
{
    struct long_calls *calls = userdata;
    struct waiter *first = TAILQ_FIRST(&calls->list);
    struct request *request;

    if (!first)
        return 0;
    request = leave(first);
    request_on_gone(request, NULL, NULL);
    calls->read(request, calls->userdata);
    if (calls->n > 0)
        turn_take(calls->turn);
    return 0;
}

static void refuse(struct request *request)
{
    struct outcome outcome = { 0 };

    sentence_too_many_multicalls(&outcome);
    request_refuse(request, &outcome);
}

void long_calls_take(struct long_calls *calls, struct request *request)
{
    struct waiter *waiter = calls->n < LONG_CALLS_MAX ? calloc(1, sizeof(*waiter)) : NULL;

    if (!waiter) {
        refuse(request);
        return;
    }
    *waiter = (struct waiter){ .calls = calls, .request = request };
    TAILQ_INSERT_TAIL(&calls->list, waiter, link);
    calls->n++;
    request_on_gone(request, on_gone, waiter);
    turn_take(calls->turn);
}

int long_calls_new(sd_event *event, long_calls_read read, void *userdata, struct long_calls **ret)
{
    struct long_calls *calls = calloc(1, sizeof(*calls));
    int r;

    if (!calls)
        return -ENOMEM;
    TAILQ_INIT(&calls->list);
    calls->read = read;
    calls->userdata = userdata;
    r = turn_new(event, on_turn, calls, &calls->turn);
    if (r < 0) {
        free(calls);
        return r;
    }
    *ret = calls;
    return 0;
}

struct long_calls *long_calls_free(struct long_calls *calls)
{
    struct waiter *waiter;

    if (!calls)
        return NULL;
    while ((waiter = TAILQ_FIRST(&calls->list)))
        on_gone(waiter);
    sd_event_source_disable_unref(calls->turn);
    free(calls);
    return NULL;
}
