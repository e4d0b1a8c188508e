/* When a unit may be started once more. First, whether that would break its own limit: when it was last
 * started, and whether one more start would be one too many for its own StartLimitBurst= and
 * StartLimitIntervalSec=. systemd keeps the count to itself, so we keep one: of every start we saw, by
 * systemd's own time stamps. systemd counts in windows that open with a first start; any span of that length
 * is asked here, which never lets a start pass that systemd would refuse and count as a failure. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Units that allow more starts than this in their interval are not counted: nobody clicks that fast. */
enum { START_LIMIT_BURST_MAX = 1024 };

struct start_limit {
    uint64_t interval_usec; /* 0: the unit has no limit */
    unsigned burst;         /* 0: the same */
};

struct start_log {
    uint64_t *stamps; /* CLOCK_MONOTONIC, ascending, no two alike */
    size_t n;
};

void start_log_done(struct start_log *log);

/* A start at `stamp`; 0 is none. Out of order and known ones are taken. Starts that `limit` no longer counts
 * at `now_usec` are forgotten. -ENOMEM or 0. */
int start_log_note(struct start_log *log, const struct start_limit *limit, uint64_t stamp, uint64_t now_usec);

/* Starts that still count. */
size_t start_log_young(const struct start_log *log, const struct start_limit *limit, uint64_t now_usec);

/* How long until one more start is within the limit; 0: now; UINT64_MAX: never by waiting. */
uint64_t start_log_wait(const struct start_log *log, const struct start_limit *limit, uint64_t now_usec);

bool start_limit_is_set(const struct start_limit *limit);

/* Seconds for Retry-After: rounded up, at least 1, bounded by a day. */
unsigned start_limit_seconds(uint64_t usec);

/* Then, how soon after a job the next one may start. A hundred people who click at the same moment are not
 * there at the same microsecond: those who come just after the first job's end would each start one of their
 * own. They are held for a moment instead, and share the next job. Clicks one after another on a unit that
 * may be started as often as one likes are never held. */
struct pace {
    uint64_t ended_usec; /* of the last job, CLOCK_MONOTONIC; 0: there was none */
    unsigned callers;    /* who shared it */
};

/* How long until `cooldown_usec` have passed since a start at `last_start_usec` (0: none); 0: they have. */
uint64_t pace_cooldown(uint64_t last_start_usec, uint64_t cooldown_usec, uint64_t now_usec);

/* How long a click at `now_usec` is held; 0: not at all. */
uint64_t pace_hold(const struct pace *pace, const struct start_limit *limit, uint64_t now_usec);
