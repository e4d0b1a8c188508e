/* What an end means that is no answer to the question: a fault, or that no answer came. The one place that
 * says it: the page, the exit status of restartctl, the journal and the counters all go by it. The rule:
 * "nothing was done" is said only when that is certain. */
#pragma once

#include <stdbool.h>

#include "common/rpc/rpc-client.h"

enum meaning {
    MEANING_REFUSED,  /* somebody said no, and nothing was done */
    MEANING_NOT_DONE, /* nobody was there to do it, or nobody understood; nothing was done */
    MEANING_UNKNOWN,  /* it may have been done */
};

/* Of a fault, by its code: enum refusal, enum rpc_fault_code, or any other. `changes` is false for calls that
 * only read: whatever happened, they did nothing. */
enum meaning meaning_of_fault(int code, bool changes);

/* The same for what came without a methodResponse that makes sense: the code (enum refusal) that says it
 * best. An answer with status 200 is one whose body made no sense. */
int meaning_code_of_transport(const struct rpc_client_answer *answer, bool changes);
