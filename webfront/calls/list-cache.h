/* What restarter.list said last, to each who asks: one call to the broker at a time for each of them and each
 * part of the list, its
 * result kept for a quarter of a second, pages rendered from it kept along with it. Who it is, is what the
 * broker is told of whoever asks, all of it: one ticket is one person here, so that nobody is ever shown what
 * was fetched for anybody else. */
#pragma once

#include <stddef.h>

#include "common/http/http.h"
#include "common/rpc/rpc-client.h"
#include "webfront/calls/calls.h"
#include "webfront/calls/list-entry.h"

enum {
    LIST_FRESH_USEC = 250 * 1000,
    /* Where nobody in particular asks: told so long to those for whom there is no place to wait. A person's
     * is never older than above, since who is signed out elsewhere is told nothing any more. */
    LIST_FULL_USEC = 2 * 1000 * 1000,
    LIST_FLIGHTS_MAX = 16, /* calls to the broker at once: what each brings may be half a megabyte */
    LIST_KEPT_MAX = 16,    /* persons' lists, and parts of anybody's, that nobody waits for */
};

struct list_cache;

enum {
    LIST_E_FULL = 1, /* too many wait already; `ready` is not called */
};

/* At most `places`, of LIST_WAITERS_MAX, wait at once, and hardly longer than CALLS_READ_USEC. A person finds
 * a place as long as there are twice as many free as that person has taken (common/places.h). `calls` stays
 * the caller's, and lives longer. 0 or -ENOMEM. */
int list_cache_new(struct calls *calls, size_t places, struct list_cache **ret);
/* After list_cache_stop(), if there were waiters. Takes NULL. Returns NULL. */
struct list_cache *list_cache_free(struct list_cache *cache);

/* Calls `ready` with a snapshot of that part of the list (NULL: as it is told without options) for that
 * caller, no older than LIST_FRESH_USEC and not from before the last list_cache_drop(): at once or, within
 * the timeout, later. The snapshot is valid during the callback. The caller's address does not matter, and is
 * not told to the broker. 0 or LIST_E_FULL. */
int list_cache_get(struct list_cache *cache, const struct rpc_client_caller *caller,
                   const struct wire_list_options *part, list_ready ready, struct http_request *request,
                   void *userdata);

/* Something was restarted or has changed, or somebody signed out: whatever is known, or on its way, is out of
 * date. */
void list_cache_drop(struct list_cache *cache);

/* `dropped` is called with each list_cache_drop(), after it. */
void list_cache_on_drop(struct list_cache *cache, void (*dropped)(void *userdata), void *userdata);

/* Answers all who wait with a problem, now. */
void list_cache_stop(struct list_cache *cache);
