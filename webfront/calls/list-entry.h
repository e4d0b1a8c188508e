/* One person's list, or a part of it: who waits for it, what is known of it, and the one flight to the broker
 * that fetches it. A flight takes off when the cache (list-cache.h) says so, which keeps one entry for each
 * person and part. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/queue.h>

#include "webfront/calls/calls.h"
#include "webfront/calls/list-snapshot.h"
#include "webfront/requests/caller-key.h"

enum {
    LIST_WAITERS_MAX = 128, /* at once */
};

typedef void (*list_ready)(struct list_snapshot *snapshot, struct http_request *request, void *userdata);

struct list_waiter {
    list_ready ready;
    struct http_request *request;
    void *userdata;
};

struct list_group {
    struct list_waiter waiters[LIST_WAITERS_MAX];
    size_t n;
    uint64_t since_usec; /* when the first one came */
};

struct list_entry {
    TAILQ_ENTRY(list_entry) link;  /* of the cache's, in the order in which they were asked for */
    TAILQ_ENTRY(list_entry) queue; /* of those that are to take off */
    bool queued;
    uint8_t key[CALLER_KEY_SIZE];
    struct wire_list_options part;   /* which */
    struct rpc_client_caller caller; /* without an address; its strings are in `text` */
    char *text;
    struct calls *calls;
    bool admitted; /* the broker has let them in (calls.h) */
    struct list_snapshot *snapshot;
    uint64_t fetched_usec;
    struct flight *flight;
    bool outdated; /* the flight took off before the last drop */
    struct list_group aboard, next;
    /* The flight is over, and everybody aboard was told; the entry may be freed then. */
    void (*landed)(struct list_entry *entry, void *userdata);
    void *userdata;
};

/* `calls` stays the caller's. NULL when out of memory. */
struct list_entry *list_entry_new(struct calls *calls, const struct rpc_client_caller *caller,
                                  const uint8_t key[static CALLER_KEY_SIZE],
                                  const struct wire_list_options *part);
/* With nobody waiting. Takes NULL. Returns NULL. */
struct list_entry *list_entry_free(struct list_entry *entry);

size_t list_entry_waiting(const struct list_entry *entry);
/* A snapshot that is no older than that, or NULL. */
struct list_snapshot *list_entry_snapshot(const struct list_entry *entry, uint64_t age_usec);

/* There has to be a place (LIST_WAITERS_MAX in each group). True: it is to take off, unless it is about to.
 */
bool list_entry_wait(struct list_entry *entry, const struct list_waiter *waiter);
/* `landed` may be called before it returns. */
void list_entry_take_off(struct list_entry *entry);

/* Whatever is known, or on its way, is out of date. */
void list_entry_drop(struct list_entry *entry);
/* Tells all who wait that this is the end. */
void list_entry_stop(struct list_entry *entry);
