/* What is asked of the journal's keeper (restarter-log(8)): a few at a time, the others in the order in which
 * they came, each for a bounded time. Whatever goes wrong there is one and the same here: it is not to be
 * had. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <systemd/sd-event.h>

#include "common/cleanup.h"
#include "common/record/errand.h"
#include "common/record/line.h"

enum {
    ASKS_AT_ONCE = 3,
    ASKS_WAITING = 144,    /* beside them */
    ASKS_PATIENCE_SEC = 6, /* that people are asked for */
    ASKS_AGAIN_MSEC = 100, /* after being hung up on, which means that there was no room */
    ASKS_TRIES = 3,
};

enum ask_end {
    ASK_FOUND,       /* perhaps nothing */
    ASK_REFUSED,     /* it is not for that person, as the policy file is just now */
    ASK_UNAVAILABLE, /* nobody is there, or all that can be wrong with an answer */
};

struct ask_answer {
    enum ask_end end;
    struct record_line *lines; /* of RECORD_ENTRY, or of RECORD_TEXT for ERRAND_LINES; the oldest first */
    size_t n;
    bool more; /* there are older ones */
};

struct ask;
struct asks;

/* The answer is the asker's until it returns. */
typedef void (*ask_done)(const struct ask_answer *answer, void *userdata);

/* The event loop and the path are borrowed. patience_usec: from the asking to the answer, at most. */
int asks_new(sd_event *event, const char *path, uint64_t patience_usec, struct asks **ret);
/* Those who wait must have been answered, or have left. Takes NULL. Returns NULL. */
struct asks *asks_free(struct asks *asks);
DEFINE_CLEANUP(struct asks *, asks_free);

/* 0, and `done` is called later, never before this returns; or a negative errno: -EBUSY when too many wait.
 */
int asks_begin(struct asks *asks, const struct errand *errand, ask_done done, void *userdata,
               struct ask **ret);
/* Nobody waits for it any more: nothing is called. Takes NULL. Returns NULL. */
struct ask *ask_free(struct ask *ask);

/* The end: all are told that it is not to be had. */
void asks_stop(struct asks *asks);
