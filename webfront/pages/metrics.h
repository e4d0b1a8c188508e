/* GET /metrics: the text that Prometheus reads (exposition format 0.0.4). Every label is one of a closed set,
 * or the name of a template or plain unit that the policy grants, or of a machine that machines.conf names:
 * no stranger can make one more. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/rpc/wire.h"

#define METRICS_TYPE "text/plain; version=0.0.4; charset=utf-8"

enum { METRICS_CLASSES = 5, METRICS_LOGINS = 5, METRICS_REFUSALS = 32, METRICS_ENDS = 5 };

/* Another machine, as this web front sees it. */
struct metrics_machine {
    const char *name;             /* of machines.conf */
    uint64_t ended[METRICS_ENDS]; /* presses that were sent there, by enum tally_end */
    bool asked;                   /* anything, so far */
    uint64_t silent_sec;          /* for so long it has not answered; 0: it did the last time */
};

/* What this web front has seen since its start. */
struct metrics_front {
    uint64_t answered[METRICS_CLASSES];  /* 1xx to 5xx */
    uint64_t logins[METRICS_LOGINS];     /* enum login_outcome, from LOGIN_PASSED */
    uint64_t refusals[METRICS_REFUSALS]; /* by their codes (common/refusal.h) */
    unsigned connections, open_pages;
    uint64_t start;                         /* seconds since 1970 */
    const struct metrics_machine *machines; /* in the order of machines.conf */
    size_t n_machines;
};

/* The caller's to free; NULL when out of memory. `broker` may be NULL: it cannot be reached. What is odd in
 * what it told is left out. */
char *metrics_text(const struct metrics_front *front, const struct wire_metrics *broker, size_t *ret_size);
