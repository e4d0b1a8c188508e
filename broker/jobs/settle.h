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
#include "broker/jobs/outcome.h"
#include "broker/jobs/press.h"
#include "broker/jobs/unit.h"
#include "broker/systemd/systemd.h"

enum { SETTLES_MAX = 128 }; /* watches at once; one more ends the one that began longest ago */

struct settle;
TAILQ_HEAD(settle_list, settle);

/* All of them, and what they work with, which is the caller's. */
struct settles {
    sd_event *event;
    struct systemd *systemd;
    struct units *units;
    struct presses *presses;
    /* A watch is over; somebody was answered before. May be NULL. */
    void (*settled)(const struct outcome *outcome, void *userdata);
    void *userdata;
    struct settle_list list; /* the one that began longest ago first */
    unsigned n;
};

/* How long a unit of that Type= is watched where no Settle= says it: a second where its start, or its reload,
 * proves nothing, else not at all. */
uint64_t settle_usec_for_type(const char *type, bool reloaded);

/* The job of the outcome is over: from here on its callers are the watch's, and each gets his answer when
 * his time is over. May answer, and end, at once. */
void settle_begin(struct settles *settles, struct unit *unit, const struct outcome *outcome,
                  uint64_t own_usec, uint64_t serial, struct job_caller_list *callers);

/* One more who wants to know. */
void settle_join(struct settle *settle, struct job_caller *caller);

/* One of them waits no longer. False when he is not one of them. */
bool settle_leave(struct settle *settle, struct job_caller *caller);

/* Ends before its time: everybody is told what is known; `cut` is the end of a sentence, "when …". */
void settle_end(struct settle *settle, const char *cut);

uint64_t settle_serial(const struct settle *settle);

/* PID 1 was reloaded: what happened meanwhile is asked for. */
void settles_check(struct settles *settles);
/* The connection is gone: what becomes of the units is not known. */
void settles_lose(struct settles *settles);
/* All end, as by settle_end(). */
void settles_end(struct settles *settles, const char *cut);
/* Nobody is answered. */
void settles_free(struct settles *settles);
