/* The web front as a whole: what its parts share. One of it lives as long as the process. */
#pragma once

#include <limits.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/queue.h>

#include "common/daemon.h"
#include "common/http/http.h"
#include "common/rpc/wire-call.h"
#include "webfront/pages/page.h"

enum {
    APP_LISTEN_MAX = 4,              /* listening sockets: IPv4, IPv6, another port */
    APP_READ_USEC = 2 * 1000 * 1000, /* for whatever only reads */
};

struct answers;
struct call;
struct list_cache;
LIST_HEAD(call_list, call);

/* How many requests may wait at once, by what they wait for: reads never take the places of restarts. */
struct app_places {
    unsigned restarts;
    unsigned reads; /* of one unit's state, for instance */
    unsigned lists; /* for the list: pages and programs alike */
};

struct app {
    struct daemon *daemon;
    sd_event *event; /* the daemon's */
    struct http_server *servers[APP_LISTEN_MAX];
    size_t n_servers;
    struct list_cache *list;
    struct answers *answers;
    struct call_list calls;
    struct app_places places;
    unsigned n_restarts, n_reads; /* calls under way */
    bool stopping;

    uint64_t restart_usec; /* for a call that restarts: above the broker's own time (common/patience.h) */
    const char *broker_socket;
    const char *allowed_hosts;
    char machine[HOST_NAME_MAX + 1];
    struct page_site site;

    uint64_t restarts, refusals, unknown; /* since the start, for STATUS= */
};

/* Connections that are open, over all sockets. */
unsigned app_connections(const struct app *app);

uint64_t app_now(const struct app *app); /* CLOCK_MONOTONIC, of this turn of the event loop */
