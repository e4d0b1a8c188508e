/* By what the page and the journal go by as well. */
#include "webfront/calls/tally.h"

#include "common/cleanup.h"
#include "webfront/pages/outcome.h"

static enum tally_end end_of(enum outcome_kind kind)
{
    switch (kind) {
    case OUTCOME_SUCCEEDED:
        return TALLY_UP;
    case OUTCOME_FAILED:
        return TALLY_FAILED;
    case OUTCOME_REFUSED:
        return TALLY_REFUSED;
    default:
        return TALLY_UNKNOWN;
    }
}

void tally_answer(struct tally *tally, const struct rpc_client_answer *answer)
{
    _cleanup_(outcome_done) struct outcome outcome = outcome_of_restart(answer);

    tally->ended[end_of(outcome.kind)]++;
}

void tally_left(struct tally *tally)
{
    tally->ended[TALLY_LEFT]++;
}
