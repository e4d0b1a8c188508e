/* How often units that do not run may be looked at: systemd reads such a unit's files for each of our
 * questions, some 20 ms for a look in all, and everybody who clicks on the id of one makes it do so. Units
 * that run cost a fiftieth of that, and have no rate. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "common/unit-name.h"

enum {
    LOOK_RATE_BURST = 20, /* looks in a row, at all units */
    LOOK_RATE_MSEC = 100, /* until there may be one more */
    LOOK_UNIT_BURST = 4,  /* the same for one unit */
    LOOK_UNIT_MSEC = 500,
    LOOK_UNITS_MAX = 64, /* units remembered: those looked at last */
    LOOK_FRESH_MSEC = 250,
};

/* A bucket that fills with time; zeroed: full. */
struct look_bucket {
    unsigned spent;
    uint64_t since_usec; /* when the last one came back */
};

struct look_unit {
    char name[UNIT_NAME_SIZE];
    struct look_bucket bucket;
    uint64_t seen_usec; /* when it was found not to run */
};

/* Zeroed: nothing was looked at yet. Times are CLOCK_MONOTONIC's. */
struct look_rate {
    struct look_bucket all;
    struct look_unit units[LOOK_UNITS_MAX];
};

/* The unit does not run, and is to be looked at: false when that would be too often. */
bool look_rate_take(struct look_rate *rate, const char *unit, uint64_t now_usec);

/* It was found not to run a moment ago, and the next look would be too soon: need not even be asked about. */
bool look_rate_refuses(const struct look_rate *rate, const char *unit, uint64_t now_usec);
