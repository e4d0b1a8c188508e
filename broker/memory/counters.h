/* How often what came of the jobs of each template (or plain unit) and verb, how long they took, and how
 * often who asked was refused: for restarter.metrics. Names are of units that a grant covers alone, so that
 * no caller can make one up; and there are no more of them than places: who has not been counted for longest
 * makes room. They are counted on by the next broker; what is spoilt begins at nothing, as counters may. */
#pragma once

#include <stdint.h>

#include "broker/memory/memory.h"
#include "broker/outcome/outcome.h"
#include "common/unit-name.h"

enum {
    COUNTERS_MAX = 256,     /* of templates and verbs: all that a policy can have */
    COUNTERS_SLOTS,         /* of the memory: those, and one for the refusals */
    COUNTERS_BOUNDS = 12,   /* of durations */
    COUNTERS_REFUSALS = 32, /* codes, and room for more of them */
};

/* What a duration is held against, in milliseconds, ascending. */
extern const unsigned COUNTERS_BOUNDS_MSEC[COUNTERS_BOUNDS];

struct counter {
    char unit[UNIT_NAME_SIZE]; /* a template's name, or a plain unit's */
    unsigned verb;
    uint64_t results[VERDICTS]; /* VERDICT_NONE: nobody knows */
    /* Of jobs whose end is known: how many took up to that bound, and longer than the one before; the last
     * ones longer than all. */
    uint64_t durations[COUNTERS_BOUNDS + 1];
    uint64_t msec; /* all of these together */
};

struct counters;
/* Goes on from what is in the memory, which stays the caller's and has COUNTERS_SLOTS slots. 0 or -ENOMEM. */
int counters_new(struct memory *memory, struct counters **ret);
struct counters *counters_free(struct counters *counters);

/* What became of a job, once; of a refusal nothing is counted. Nor where there is no memory left. `counters`
 * may be NULL. */
void counters_count(struct counters *counters, const struct outcome *outcome);
/* Who asked was refused, with a code of common/refusal.h; others are not counted. NULL is taken. */
void counters_refuse(struct counters *counters, int refusal);

/* NULL: that place is free. `i` is less than COUNTERS_MAX. */
const struct counter *counters_at(const struct counters *counters, unsigned i);
uint64_t counters_refused(const struct counters *counters, int refusal);

/* As bytes. */
bool counter_record_write(const struct counter *counter, uint8_t bytes[static MEMORY_RECORD_MAX],
                          struct memory_record *ret);
/* False: spoilt. */
bool counter_record_read(const struct memory_record *record, struct counter *ret);
