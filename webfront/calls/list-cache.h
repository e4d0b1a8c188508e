/* What restarter.list said last, for all who ask at about the same time: one call to the broker at a time,
 * its result kept for a quarter of a second, pages rendered from it kept along with it. */
#pragma once

#include <stddef.h>

#include "common/http/http.h"
#include "common/rpc/wire.h"
#include "webfront/calls/calls.h"
#include "webfront/pages/outcome.h"

enum {
    LIST_FRESH_USEC = 250 * 1000,
    LIST_FULL_USEC = 2 * 1000 * 1000, /* and told so long to those for whom there is no place to wait */
    LIST_WAITERS_MAX = 128,           /* at once */
    LIST_VIEWS_MAX = 5,               /* renderings that a snapshot keeps */
};

struct list_cache;

/* How things were a moment ago. Valid during the callback. */
struct list_snapshot {
    struct outcome problem;                    /* problem.message is NULL when there is none */
    int fault;                                 /* the XML-RPC fault code of the problem */
    struct wire_answer answer;                 /* WIRE_LIST when there is no problem */
    struct http_shared *views[LIST_VIEWS_MAX]; /* for the caller to fill and read; freed with the snapshot */
};

typedef void (*list_ready)(struct list_snapshot *snapshot, struct http_request *request, void *userdata);

enum {
    LIST_E_FULL = 1, /* too many wait already; `ready` is not called */
};

/* At most `places`, of LIST_WAITERS_MAX, wait at once, and none longer than CALLS_READ_USEC. `calls` stays
 * the caller's, and lives longer. 0 or -ENOMEM. */
int list_cache_new(struct calls *calls, size_t places, struct list_cache **ret);
/* After list_cache_stop(), if there were waiters. Takes NULL. Returns NULL. */
struct list_cache *list_cache_free(struct list_cache *cache);

/* Calls `ready` with a snapshot no older than LIST_FRESH_USEC and not from before the last list_cache_drop():
 * at once or, within the timeout, later. When all places are taken it may be as old as LIST_FULL_USEC. */
int list_cache_get(struct list_cache *cache, list_ready ready, struct http_request *request, void *userdata);

/* Something was restarted: whatever is known, or on its way, is out of date. */
void list_cache_drop(struct list_cache *cache);

/* Answers all who wait with a problem, now. */
void list_cache_stop(struct list_cache *cache);
