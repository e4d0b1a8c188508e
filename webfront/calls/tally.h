/* What became of the presses that were sent to one machine by way of this web front, counted since its start:
 * for /metrics. What the broker of this machine did, it counts itself. */
#pragma once

#include <stdint.h>

#include "common/rpc/rpc-client.h"

enum tally_end {
    TALLY_UP,
    TALLY_FAILED,
    TALLY_REFUSED, /* nothing was done: it says no, or was not reached */
    TALLY_UNKNOWN,
    TALLY_LEFT, /* nobody waits for it here: its client has hung up, or looks for it at the press's own
                   address */
    TALLY_ENDS,
};

struct tally {
    uint64_t ended[TALLY_ENDS];
};

/* By the answer to restarter.restart, or to another verb's method. */
void tally_answer(struct tally *tally, const struct rpc_client_answer *answer);
void tally_left(struct tally *tally);
