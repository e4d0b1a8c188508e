/* Each machine has few places: who waits for one that does not answer takes none of another one's. */
#include "webfront/far-parts.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "common/cleanup.h"
#include "webfront/calls/answer.h"
#include "webfront/calls/calls.h"
#include "webfront/calls/list-cache.h"
#include "webfront/live/live.h"
#include "webfront/views/pasts.h"

enum {
    FAR_RESTARTS = 16,
    FAR_READS = 8,
    FAR_LISTS = 16,
    FAR_STREAMS = 256,
};

static void on_drop(void *userdata)
{
    const struct parts *far = userdata;

    live_refresh(far->live);
}

static void on_change(void *userdata)
{
    const struct parts *far = userdata;

    list_cache_drop(far->list);
}

static void far_done(struct parts *far)
{
    pasts_free(far->pasts);
    live_free(far->live);
    list_cache_free(far->list);
    calls_free(far->calls);
    answers_free(far->answers);
    free((char *)far->socket);
}

static int make_calls(const struct settings *settings, struct names *names, struct parts *far)
{
    struct calls_terms terms = {
        .machine = far->machine,
        .names = names,
        .patience_usec = settings->patience_usec,
        .restarts = FAR_RESTARTS,
        .reads = FAR_READS,
    };
    char *socket = NULL;

    if (asprintf(&socket, "%s%s.sock", settings->far_directory, far->machine) < 0)
        return -ENOMEM;
    far->socket = terms.broker_socket = socket;
    return calls_new(far->event, &terms, &far->calls);
}

/* What is this machine's alone is not there: nobody logs in by way of another one. */
static struct parts begin(const struct parts *home, const char *machine)
{
    struct parts far = *home;

    far.machine = machine;
    far.fars = NULL;
    far.answers = NULL;
    far.calls = NULL;
    far.list = NULL;
    far.live = NULL;
    far.pasts = NULL;
    return far;
}

static int make(const struct parts *home, const struct settings *settings, struct names *names,
                const struct page_site *site, struct parts *far)
{
    int r;

    *far = begin(home, site->far);
    r = answers_new(site, settings->allowed_hosts, &far->answers);
    if (r >= 0)
        r = make_calls(settings, names, far);
    if (r >= 0)
        r = list_cache_new(far->calls, FAR_LISTS, &far->list);
    if (r >= 0)
        r = live_new(far->event, far->calls, FAR_STREAMS, &far->live);
    if (r < 0)
        return r;
    list_cache_on_drop(far->list, on_drop, far);
    live_on_change(far->live, on_change, far);
    far->pasts = pasts_new();
    return far->pasts ? 0 : -ENOMEM;
}

int far_parts_new(const struct parts *home, const struct settings *settings, struct names *names,
                  unsigned patience, struct fars *ret)
{
    int r = 0;

    ret->list = calloc(settings->machines.n + 1, sizeof(*ret->list));
    if (!ret->list)
        return -ENOMEM;
    for (ret->n = 0; ret->n < settings->machines.n && r >= 0; ret->n++) {
        const char *name = settings->machines.list[ret->n].name;
        const struct page_site site = { .far = name, .machine = name, .patience = patience };

        r = make(home, settings, names, &site, &ret->list[ret->n]);
    }
    return r;
}

void far_parts_stop(const struct fars *fars)
{
    for (size_t i = 0; i < fars->n; i++) {
        live_stop(fars->list[i].live);
        calls_stop(fars->list[i].calls);
    }
}

void far_parts_stop_lists(const struct fars *fars)
{
    for (size_t i = 0; i < fars->n; i++)
        list_cache_stop(fars->list[i].list);
}

void far_parts_done(struct fars *fars)
{
    for (size_t i = 0; i < fars->n; i++)
        far_done(&fars->list[i]);
    free(fars->list);
    *fars = (struct fars){ .n = 0 };
}
