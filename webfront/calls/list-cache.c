/* A short table, looked through from the front: those asked for last. Entries are there while somebody waits
 * or a flight is under way, and a few of them for a moment longer. Who a person is, is compared as a digest:
 * looking for a ticket among those of others takes equally long however alike they are. */
#include "webfront/calls/list-cache.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "common/clock.h"
#include "common/places.h"
#include "webfront/pages/page-list.h"
#include "webfront/requests/caller-key.h"

TAILQ_HEAD(list_entries, list_entry);

struct list_cache {
    struct calls *calls;
    size_t places;
    struct list_entries entries; /* asked for last: first */
    struct list_entries queue;   /* to take off, in this order */
    size_t n_waiting, n_flights;
    void (*dropped)(void *userdata); /* may be NULL */
    void *userdata;
};

/* --- the table --- */

static bool is_idle(const struct list_entry *entry)
{
    return !entry->flight && !entry->queued && list_entry_waiting(entry) == 0;
}

/* The list that all who are nobody in particular open, as a page or as a program. Of its parts there may be
 * any number, which a stranger makes up: they neither push it out nor take its places, and it takes off
 * before them. */
static bool is_everybodys(const struct list_entry *entry)
{
    const struct wire_list_options *part = &entry->part;

    return caller_is_nobody(&entry->caller) && !*part->filter && part->state == UNIT_GROUP_NONE &&
           part->offset == 0 && (part->limit == 0 || part->limit == PAGE_LIST_ROWS);
}

/* Somebody whom the broker refuses may come by any number of names, and is not kept. */
static bool is_worth_keeping(const struct list_entry *entry, size_t n_kept)
{
    if (is_everybodys(entry))
        return list_entry_snapshot(entry, LIST_FULL_USEC);
    return list_entry_snapshot(entry, LIST_FRESH_USEC) && !entry->snapshot->problem.message &&
           n_kept < LIST_KEPT_MAX;
}

static void forget(struct list_cache *cache, struct list_entry *entry)
{
    TAILQ_REMOVE(&cache->entries, entry, link);
    list_entry_free(entry);
}

static void sweep(struct list_cache *cache)
{
    struct list_entry *entry = TAILQ_FIRST(&cache->entries), *next;
    size_t n_kept = 0;

    for (; entry; entry = next) {
        next = TAILQ_NEXT(entry, link);
        if (!is_idle(entry))
            continue;
        if (is_worth_keeping(entry, n_kept))
            n_kept++;
        else
            forget(cache, entry);
    }
}

static struct list_entry *find(struct list_cache *cache, const uint8_t key[static CALLER_KEY_SIZE],
                               const struct wire_list_options *part)
{
    struct list_entry *entry;

    TAILQ_FOREACH(entry, &cache->entries, link)
        if (memcmp(entry->key, key, CALLER_KEY_SIZE) == 0 && wire_list_options_same(&entry->part, part))
            return entry;
    return NULL;
}

/* --- flights --- */

static void take_off(struct list_cache *cache)
{
    struct list_entry *entry;

    while (cache->n_flights < LIST_FLIGHTS_MAX && (entry = TAILQ_FIRST(&cache->queue))) {
        TAILQ_REMOVE(&cache->queue, entry, queue);
        entry->queued = false;
        cache->n_flights++;
        list_entry_take_off(entry);
    }
}

static void enqueue(struct list_cache *cache, struct list_entry *entry)
{
    if (entry->queued)
        return;
    entry->queued = true;
    if (is_everybodys(entry))
        TAILQ_INSERT_HEAD(&cache->queue, entry, queue);
    else
        TAILQ_INSERT_TAIL(&cache->queue, entry, queue);
}

static void count_waiting(struct list_cache *cache)
{
    struct list_entry *entry;

    cache->n_waiting = 0;
    TAILQ_FOREACH(entry, &cache->entries, link)
        cache->n_waiting += list_entry_waiting(entry);
}

static void on_landed(struct list_entry *entry, void *userdata)
{
    struct list_cache *cache = userdata;

    cache->n_flights--;
    count_waiting(cache);
    if (list_entry_waiting(entry) > 0)
        enqueue(cache, entry);
    take_off(cache);
    sweep(cache);
}

/* --- asking --- */

static struct list_entry *find_or_make(struct list_cache *cache, const struct rpc_client_caller *caller,
                                       const struct wire_list_options *part)
{
    uint8_t key[CALLER_KEY_SIZE];
    struct list_entry *entry;

    caller_key(caller, key);
    entry = find(cache, key, part);
    if (entry) {
        TAILQ_REMOVE(&cache->entries, entry, link);
    } else {
        entry = list_entry_new(cache->calls, caller, key, part);
        if (!entry)
            return NULL;
        entry->landed = on_landed;
        entry->userdata = cache;
    }
    entry->admitted = calls_has_admitted(cache->calls, caller);
    TAILQ_INSERT_HEAD(&cache->entries, entry, link);
    return entry;
}

/* Whose tickets may be made up are one person. */
static bool is_same_person(const struct list_entry *a, const struct list_entry *b)
{
    return (!a->admitted && !b->admitted) || memcmp(a->key, b->key, CALLER_KEY_SIZE) == 0;
}

/* Who wait for one of this person's parts. */
static size_t waiting_of(const struct list_cache *cache, const struct list_entry *own)
{
    const struct list_entry *entry;
    size_t n = 0;

    TAILQ_FOREACH(entry, &cache->entries, link)
        if (is_same_person(entry, own))
            n += list_entry_waiting(entry);
    return n;
}

/* Who wait for parts that are not everybody's. */
static size_t waiting_for_parts(const struct list_cache *cache)
{
    const struct list_entry *entry;
    size_t n = 0;

    TAILQ_FOREACH(entry, &cache->entries, link)
        if (!is_everybodys(entry))
            n += list_entry_waiting(entry);
    return n;
}

/* Where nobody in particular asks, there is nobody else to be shut out: but parts leave half of the places to
 * the whole. */
static bool is_full(const struct list_cache *cache, const struct list_entry *entry)
{
    if (caller_is_nobody(&entry->caller))
        return cache->n_waiting >= cache->places ||
               (!is_everybodys(entry) && waiting_for_parts(cache) >= cache->places / 2);
    return places_full((unsigned)cache->places, (unsigned)cache->n_waiting,
                       (unsigned)waiting_of(cache, entry));
}

int list_cache_get(struct list_cache *cache, const struct rpc_client_caller *caller,
                   const struct wire_list_options *part, list_ready ready, struct http_request *request,
                   void *userdata)
{
    static const struct wire_list_options ALL = { .filter = "" };
    const struct list_waiter waiter = { .ready = ready, .request = request, .userdata = userdata };
    struct list_entry *entry = find_or_make(cache, caller, part ? part : &ALL);
    bool full = !entry || is_full(cache, entry);
    struct list_snapshot *snapshot;

    if (!entry)
        return LIST_E_FULL;
    snapshot =
        list_entry_snapshot(entry, full && caller_is_nobody(caller) ? LIST_FULL_USEC : LIST_FRESH_USEC);
    if (snapshot) {
        ready(snapshot, request, userdata);
        return 0;
    }
    if (full) {
        sweep(cache);
        return LIST_E_FULL;
    }
    cache->n_waiting++;
    if (list_entry_wait(entry, &waiter))
        enqueue(cache, entry);
    take_off(cache);
    return 0;
}

void list_cache_drop(struct list_cache *cache)
{
    struct list_entry *entry;

    TAILQ_FOREACH(entry, &cache->entries, link)
        list_entry_drop(entry);
    if (cache->dropped)
        cache->dropped(cache->userdata);
}

void list_cache_on_drop(struct list_cache *cache, void (*dropped)(void *userdata), void *userdata)
{
    cache->dropped = dropped;
    cache->userdata = userdata;
}

/* --- life --- */

void list_cache_stop(struct list_cache *cache)
{
    struct list_entry *entry;

    while ((entry = TAILQ_FIRST(&cache->entries))) {
        list_entry_stop(entry);
        if (entry->queued)
            TAILQ_REMOVE(&cache->queue, entry, queue);
        forget(cache, entry);
    }
    cache->n_waiting = cache->n_flights = 0;
}

int list_cache_new(struct calls *calls, size_t places, struct list_cache **ret)
{
    struct list_cache *cache = calloc(1, sizeof(*cache));

    if (!cache)
        return -ENOMEM;
    cache->calls = calls;
    cache->places = places < LIST_WAITERS_MAX ? places : LIST_WAITERS_MAX;
    TAILQ_INIT(&cache->entries);
    TAILQ_INIT(&cache->queue);
    *ret = cache;
    return 0;
}

struct list_cache *list_cache_free(struct list_cache *cache)
{
    if (!cache)
        return NULL;
    list_cache_stop(cache);
    free(cache);
    return NULL;
}
