/* Who asks while the flight is under way shares it, unless something was restarted since it took off: those
 * wait for the next one, which takes off when the first has landed. */
#include "webfront/calls/list-entry.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/clock.h"
#include "common/refusal.h"

enum {
    TIMEOUT_MIN_USEC = 50 * 1000, /* for a flight whose passengers have waited nearly long enough already */
};

/* --- life --- */

/* Copies `text` to `*at`, and moves behind it. */
static const char *keep(const char *text, char **at)
{
    const char *kept = *at;

    if (!text)
        return NULL;
    *at = stpcpy(*at, text) + 1;
    return kept;
}

static size_t room_for(const char *text)
{
    return text ? strlen(text) + 1 : 0;
}

static bool copy_caller(struct list_entry *entry, const struct rpc_client_caller *caller)
{
    size_t size = room_for(caller->ticket) + room_for(caller->user) + room_for(caller->groups);
    char *at = entry->text = malloc(size + 1);

    if (!at)
        return false;
    entry->caller.ticket = keep(caller->ticket, &at);
    entry->caller.user = keep(caller->user, &at);
    entry->caller.groups = keep(caller->groups, &at);
    return true;
}

struct list_entry *list_entry_new(struct calls *calls, const struct rpc_client_caller *caller,
                                  const uint8_t key[static CALLER_KEY_SIZE],
                                  const struct wire_list_options *part)
{
    struct list_entry *entry = calloc(1, sizeof(*entry));

    if (!entry || !copy_caller(entry, caller)) {
        free(entry);
        return NULL;
    }
    memcpy(entry->key, key, CALLER_KEY_SIZE);
    entry->part = *part;
    entry->calls = calls;
    return entry;
}

struct list_entry *list_entry_free(struct list_entry *entry)
{
    if (!entry)
        return NULL;
    flight_free(entry->flight);
    list_snapshot_free(entry->snapshot);
    free(entry->text);
    free(entry);
    return NULL;
}

/* --- who waits --- */

size_t list_entry_waiting(const struct list_entry *entry)
{
    return entry->aboard.n + entry->next.n;
}

static void group_add(struct list_group *group, const struct list_waiter *waiter)
{
    if (group->n == 0)
        group->since_usec = clock_usec();
    group->waiters[group->n++] = *waiter;
}

static void group_deliver(struct list_group *group, struct list_snapshot *snapshot)
{
    size_t n = group->n;

    group->n = 0;
    for (size_t i = 0; i < n; i++)
        group->waiters[i].ready(snapshot, group->waiters[i].request, group->waiters[i].userdata);
}

static void group_fail(struct list_group *group, const struct list_entry *entry, const char *message)
{
    struct list_snapshot snapshot = { .caller = &entry->caller,
                                      .part = &entry->part,
                                      .problem = outcome_refused(REFUSAL_UNAVAILABLE, message),
                                      .fault = RPC_FAULT_TRANSPORT };

    group_deliver(group, &snapshot);
    list_snapshot_done(&snapshot);
}

bool list_entry_wait(struct list_entry *entry, const struct list_waiter *waiter)
{
    group_add(entry->flight && entry->outdated ? &entry->next : &entry->aboard, waiter);
    return !entry->flight;
}

/* --- flights --- */

static void adopt(struct list_entry *entry, struct list_snapshot *snapshot)
{
    if (snapshot->answer.kind == WIRE_LIST) {
        calls_note_admitted(entry->calls, &entry->caller);
        entry->admitted = true;
    }
    list_snapshot_free(entry->snapshot);
    entry->snapshot = entry->outdated ? list_snapshot_free(snapshot) : snapshot;
    entry->fetched_usec = clock_usec();
}

static void land(struct list_entry *entry, const struct rpc_client_answer *answer)
{
    struct list_snapshot *snapshot =
        list_snapshot_new(calls_machine(entry->calls), &entry->caller, &entry->part, answer);

    if (!snapshot) {
        group_fail(&entry->aboard, entry, "Out of memory.");
    } else {
        group_deliver(&entry->aboard, snapshot);
        adopt(entry, snapshot);
    }
    if (entry->next.n > 0) {
        entry->aboard = entry->next;
        entry->next.n = 0;
    }
    entry->landed(entry, entry->userdata);
}

static void on_done(const struct rpc_client_answer *answer, void *userdata)
{
    struct list_entry *entry = userdata;

    entry->flight = NULL;
    land(entry, answer);
}

void list_entry_take_off(struct list_entry *entry)
{
    const struct wire_call call = { .method = &WIRE_METHODS[WIRE_METHOD_LIST], .list = entry->part };
    uint64_t waited = clock_usec() - entry->aboard.since_usec, timeout = TIMEOUT_MIN_USEC;
    int r;

    if (waited + TIMEOUT_MIN_USEC < CALLS_READ_USEC)
        timeout = CALLS_READ_USEC - waited;
    entry->outdated = false;
    r = calls_send(entry->calls, &call, &entry->caller, timeout, on_done, entry, &entry->flight);
    if (r < 0)
        land(entry, &(struct rpc_client_answer){ .result = RPC_CLIENT_NOT_SENT, .error = -r });
}

struct list_snapshot *list_entry_snapshot(const struct list_entry *entry, uint64_t age_usec)
{
    return entry->snapshot && clock_usec() - entry->fetched_usec < age_usec ? entry->snapshot : NULL;
}

void list_entry_drop(struct list_entry *entry)
{
    entry->snapshot = list_snapshot_free(entry->snapshot);
    entry->outdated = entry->flight != NULL;
}

void list_entry_stop(struct list_entry *entry)
{
    static const char MESSAGE[] = "The web front is stopping. Try again in a moment.";

    entry->flight = flight_free(entry->flight);
    group_fail(&entry->aboard, entry, MESSAGE);
    group_fail(&entry->next, entry, MESSAGE);
}
