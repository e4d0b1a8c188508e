/* How soon after a job on a unit the next one may start. A hundred people who click at the same moment are
 * not there at the same microsecond: those who come just after the first job's end would each start one of
 * their own. They are held for a moment instead, and share the next job. Clicks one after another on a unit
 * that may be started as often as one likes are never held. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "broker/systemd/start-limit.h"

struct pace {
    uint64_t ended_usec; /* of the last job, CLOCK_MONOTONIC; 0: there was none */
    unsigned callers;    /* who shared it */
};

/* How long until `cooldown_usec` have passed since a start at `last_start_usec` (0: none); 0: they have. */
uint64_t pace_cooldown(uint64_t last_start_usec, uint64_t cooldown_usec, uint64_t now_usec);

/* How long a click at `now_usec` is held; 0: not at all. */
uint64_t pace_hold(const struct pace *pace, const struct start_limit *limit, uint64_t now_usec);
