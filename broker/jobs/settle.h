/* The watch over a unit after its job. "done" says that systemd did as it was asked: a service that ends at
 * once was done just as well. So a unit whose Type= proves nothing is looked at for a while longer, through
 * the changes that PID 1 tells of; where these do not come, it is asked. Who does not want to wait for the
 * end of it is answered earlier, and asks again with the same press. */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <sys/queue.h>
#include <systemd/sd-event.h>

#include "broker/jobs/job-caller.h"
#include "broker/jobs/unit.h"
#include "broker/memory/press.h"
#include "broker/outcome/outcome.h"
#include "broker/systemd/systemd.h"

struct settle;
TAILQ_HEAD(settle_list, settle);

/* All of them, and what they work with, which is the caller's. */
struct settles {
    sd_event *event;
    struct systemd *systemd;
    struct units *units;
    struct presses *presses;
    struct counters *counters;
    /* A watch is over; somebody was answered before. May be NULL. */
    void (*settled)(const struct outcome *outcome, void *userdata);
    void *userdata;
    struct settle_list list; /* the one that began longest ago first */
    unsigned n;
};

struct settle {
    TAILQ_ENTRY(settle) link;
    struct settles *settles;
    struct unit *unit;
    uint64_t serial;
    struct outcome outcome; /* as much as is known by now */
    char invocation[INVOCATION_ID_SIZE];
    uint32_t n_restarts; /* when the watch began */
    unsigned n_changes;  /* of the invocation */
    uint64_t since_usec, total_usec;
    /* PID 1 was, then, also before the watch began; it may tell of a change of the unit as of a new one, so
     * that at each of its times the watch looks. 0: it was not. */
    uint64_t reloaded_usec;
    bool promised; /* somebody was told that it is being watched */
    struct job_caller_list callers;
    unsigned n_waiting;
    sd_event_source *timer;
    struct systemd_call *confirm;
};

/* How long a unit of that Type= is watched where no Settle= says it: a second where its start, or its reload,
 * proves nothing, else not at all. */
uint64_t settle_usec_for_type(const char *type, bool reloaded);

/* The job of the outcome is over: from here on its callers are the watch's, for `total_usec` at most, and
 * each gets his answer when his time is over. May answer, and end, at once. False when out of memory. */
bool settle_start(struct settles *settles, struct unit *unit, const struct outcome *outcome,
                  uint64_t total_usec, uint64_t serial, struct job_caller_list *callers);

/* One more who wants to know. */
void settle_join(struct settle *settle, struct job_caller *caller);

/* One of them waits no longer. False when he is not one of them. */
bool settle_leave(struct settle *settle, struct job_caller *caller);

/* Ends before its time: everybody is told what is known; `cut` is the end of a sentence, "when …". */
void settle_end(struct settle *settle, const char *cut);

uint64_t settle_serial(const struct settle *settle);

/* PID 1 was reloaded: what happened meanwhile is asked for. */
void settle_check(struct settle *settle);
/* The connection is gone: what becomes of the unit is not known. */
void settle_lose(struct settle *settle);
/* Nobody is answered. */
void settle_free(struct settle *settle);
