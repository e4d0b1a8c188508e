/* A rolling restart as it runs: calls, pauses, the state on disk, and whoever wants it to stop. What comes
 * next is the plan's to say (plan.h). Before anything is asked for it is written down, so that whoever finds
 * it later knows what he does not know. */
#pragma once

#include "cli/rolling/plan.h"
#include "cli/rolling/show.h"
#include "cli/rolling/stop.h"
#include "cli/rolling/store.h"
#include "common/reason.h"

struct cli_options;

/* What is done with one that an earlier run left under way, when nobody can tell any more what became of it.
 */
enum rolling_lost {
    ROLLING_LOST_STOP,
    ROLLING_LOST_AGAIN, /* it is done, perhaps a second time */
    ROLLING_LOST_SKIP,  /* it is left as it is */
};

struct rolling_run {
    const struct cli_options *common;
    struct rolling_plan *plan;
    const struct rolling_store *store;
    const char *place; /* as in rolling_record_write() */
    struct rolling_show show;
    struct rolling_stop stop;
    char reason[REASON_SIZE]; /* "": none yet; where somebody sits who can be asked, he is */
    enum rolling_lost lost;
};

/* Until the plan is over (plan->end). 0 or a negative errno: then nothing was begun. */
int rolling_run(struct rolling_run *run);
