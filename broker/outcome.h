/* How a request for a restart ended: what the answer, the journal and the counters are made of. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "broker/unit-state.h"
#include "common/unit-name.h"

enum { SENTENCE_SIZE = 1024 };

struct outcome {
    int refusal;          /* enum refusal; 0: a job ran to its end */
    unsigned retry_after; /* seconds; 0: nothing to wait for */
    char sentence[SENTENCE_SIZE];
    /* What follows is of a job; some of it is known for a refusal too. */
    bool success;
    char unit[UNIT_NAME_SIZE];
    char result[UNIT_WORD_SIZE]; /* of the job, systemd's word */
    char invocation_before[INVOCATION_ID_SIZE];
    struct unit_state after;
    uint64_t usec;    /* from the call to the job's end */
    unsigned callers; /* requests that share the job */
};

/* "done" is not healthy: the unit has to be up after it, or to have run to a good end where that is its way
 * (Type=oneshot). A word that is not known is no success. */
bool outcome_is_success(const struct outcome *outcome);
/* The invocation after the job is another one than before it. */
bool outcome_is_started(const struct outcome *outcome);
