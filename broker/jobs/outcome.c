/* What counts as success. */
#include "broker/jobs/outcome.h"

#include <string.h>

const char *verdict_to_string(enum verdict verdict)
{
    static const char *const WORDS[VERDICTS] = {
        [VERDICT_UP] = "up",
        [VERDICT_FAILED] = "failed",
        [VERDICT_ENDED] = "ended",
        [VERDICT_RESTARTING] = "restarting",
        [VERDICT_WELL_ENDED] = "well-ended",
        [VERDICT_DOWN] = "down",
        [VERDICT_WATCHING] = "watching",
    };

    return verdict < VERDICTS && WORDS[verdict] ? WORDS[verdict] : "";
}

bool verdict_is_good(enum verdict verdict)
{
    return verdict == VERDICT_UP || verdict == VERDICT_WELL_ENDED || verdict == VERDICT_WATCHING;
}

bool outcome_is_started(const struct outcome *o)
{
    return o->after.invocation_id[0] != '\0' && strcmp(o->after.invocation_id, o->invocation_before) != 0;
}

/* Systemd says "done" as well when it skipped the start, since a condition of the unit was not met: what ran
 * before did end well, but nothing ran now. */
static bool is_well_ended(const struct outcome *o)
{
    return strcmp(o->after.active_state, "inactive") == 0 && strcmp(o->after.result, "success") == 0 &&
           strcmp(o->after.type, "oneshot") == 0 && outcome_is_started(o);
}

enum verdict outcome_at_end(const struct outcome *o)
{
    if (strcmp(o->result, "done") != 0)
        return VERDICT_DOWN;
    if (unit_state_is_active(&o->after))
        return VERDICT_UP;
    if (is_well_ended(o))
        return VERDICT_WELL_ENDED;
    if (!outcome_is_started(o))
        return VERDICT_DOWN;
    if (unit_state_is_between_restarts(&o->after))
        return VERDICT_RESTARTING;
    return strcmp(o->after.result, "success") == 0 ? VERDICT_ENDED : VERDICT_FAILED;
}
