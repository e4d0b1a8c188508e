/* One flight at a time. Who asks while a flight is under way shares it, unless something was restarted since
 * it took off: those wait for the next one, which takes off when the first has landed. */
#include "webfront/calls/list-cache.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>

#include "common/clock.h"
#include "common/refusal.h"

enum {
    TIMEOUT_MIN_USEC = 50 * 1000, /* for a flight whose passengers have waited nearly long enough already */
};

struct waiter {
    list_ready ready;
    struct http_request *request;
    void *userdata;
};

struct group {
    struct waiter waiters[LIST_WAITERS_MAX];
    size_t n;
    uint64_t since_usec; /* when the first one came */
};

struct list_cache {
    struct calls *calls;
    size_t places;
    struct list_snapshot *snapshot;
    uint64_t fetched_usec;
    struct rpc_client_call *flight;
    bool outdated; /* the flight took off before the last drop */
    struct group aboard, next;
};

static void take_off(struct list_cache *cache);

static struct list_snapshot *snapshot_free(struct list_snapshot *snapshot)
{
    if (!snapshot)
        return NULL;
    for (size_t i = 0; i < LIST_VIEWS_MAX; i++)
        http_shared_unref(snapshot->views[i]);
    outcome_done(&snapshot->problem);
    wire_answer_done(&snapshot->answer);
    free(snapshot);
    return NULL;
}

static struct outcome read_answer(const struct rpc_client_answer *answer, struct list_snapshot *snapshot)
{
    struct wire_answer *wire = &snapshot->answer;
    struct outcome problem = { 0 };

    snapshot->fault = RPC_FAULT_TRANSPORT;
    if (answer->result != RPC_CLIENT_ANSWERED)
        return outcome_of_transport(answer, true);
    if (wire_answer_parse(WIRE_LIST, answer->body, answer->size, wire) != 0)
        return outcome_refused(REFUSAL_UNAVAILABLE, "The broker's list makes no sense.");
    if (wire->kind == WIRE_FAULT) {
        snapshot->fault = wire->fault.code;
        problem = outcome_refused(wire->fault.code, wire->fault.message);
        problem.retry_after = answer->retry_after;
    }
    return problem;
}

static void group_deliver(struct group *group, struct list_snapshot *snapshot)
{
    size_t n = group->n;

    group->n = 0;
    for (size_t i = 0; i < n; i++)
        group->waiters[i].ready(snapshot, group->waiters[i].request, group->waiters[i].userdata);
}

static void group_fail(struct group *group, const char *message)
{
    struct list_snapshot snapshot = { .problem = outcome_refused(REFUSAL_UNAVAILABLE, message),
                                      .fault = RPC_FAULT_TRANSPORT };

    group_deliver(group, &snapshot);
    for (size_t i = 0; i < LIST_VIEWS_MAX; i++)
        http_shared_unref(snapshot.views[i]);
}

static void land(struct list_cache *cache, const struct rpc_client_answer *answer)
{
    struct list_snapshot *snapshot = calloc(1, sizeof(*snapshot));
    bool outdated = cache->outdated;

    if (!snapshot) {
        group_fail(&cache->aboard, "Out of memory.");
    } else {
        snapshot->problem = read_answer(answer, snapshot);
        group_deliver(&cache->aboard, snapshot);
        snapshot_free(cache->snapshot);
        cache->snapshot = outdated ? snapshot_free(snapshot) : snapshot;
        cache->fetched_usec = clock_usec();
    }
    if (cache->next.n > 0) {
        cache->aboard = cache->next;
        cache->next.n = 0;
        take_off(cache);
    }
}

static void on_done(const struct rpc_client_answer *answer, void *userdata)
{
    struct list_cache *cache = userdata;

    cache->flight = NULL;
    land(cache, answer);
}

static void take_off(struct list_cache *cache)
{
    const struct wire_call call = { .method = &WIRE_METHODS[WIRE_METHOD_LIST] };
    uint64_t waited = clock_usec() - cache->aboard.since_usec, timeout = TIMEOUT_MIN_USEC;
    int r;

    if (waited + TIMEOUT_MIN_USEC < CALLS_READ_USEC)
        timeout = CALLS_READ_USEC - waited;
    cache->outdated = false;
    r = calls_send(cache->calls, &call, NULL, timeout, on_done, cache, &cache->flight);
    if (r < 0)
        land(cache, &(struct rpc_client_answer){ .result = RPC_CLIENT_NOT_SENT, .error = -r });
}

static void group_add(struct group *group, const struct waiter *waiter, uint64_t now_usec)
{
    if (group->n == 0)
        group->since_usec = now_usec;
    group->waiters[group->n++] = *waiter;
}

int list_cache_get(struct list_cache *cache, list_ready ready, struct http_request *request, void *userdata)
{
    struct waiter waiter = { .ready = ready, .request = request, .userdata = userdata };
    uint64_t now_usec = clock_usec();
    bool full = cache->aboard.n + cache->next.n >= cache->places;

    if (cache->snapshot && now_usec - cache->fetched_usec < (full ? LIST_FULL_USEC : LIST_FRESH_USEC)) {
        ready(cache->snapshot, request, userdata);
        return 0;
    }
    if (full)
        return LIST_E_FULL;
    group_add(cache->flight && cache->outdated ? &cache->next : &cache->aboard, &waiter, now_usec);
    if (!cache->flight)
        take_off(cache);
    return 0;
}

void list_cache_drop(struct list_cache *cache)
{
    cache->snapshot = snapshot_free(cache->snapshot);
    cache->outdated = cache->flight != NULL;
}

void list_cache_stop(struct list_cache *cache)
{
    cache->flight = rpc_client_call_free(cache->flight);
    group_fail(&cache->aboard, "The web front is stopping. Try again in a moment.");
    group_fail(&cache->next, "The web front is stopping. Try again in a moment.");
}

int list_cache_new(struct calls *calls, size_t places, struct list_cache **ret)
{
    struct list_cache *cache = calloc(1, sizeof(*cache));

    if (!cache)
        return -ENOMEM;
    cache->calls = calls;
    cache->places = places < LIST_WAITERS_MAX ? places : LIST_WAITERS_MAX;
    *ret = cache;
    return 0;
}

struct list_cache *list_cache_free(struct list_cache *cache)
{
    if (!cache)
        return NULL;
    rpc_client_call_free(cache->flight);
    snapshot_free(cache->snapshot);
    free(cache);
    return NULL;
}
