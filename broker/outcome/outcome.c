/* What counts as success. */
#include "broker/outcome/outcome.h"

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
        [VERDICT_NOT_RUNNING] = "not-running",
        [VERDICT_NOT_RELOADED] = "not-reloaded",
        [VERDICT_UNDER_WAY] = "under-way",
    };

    return verdict < VERDICTS && WORDS[verdict] ? WORDS[verdict] : "";
}

bool verdict_is_good(enum verdict verdict)
{
    return verdict == VERDICT_UP || verdict == VERDICT_WELL_ENDED || verdict == VERDICT_WATCHING ||
           verdict == VERDICT_NOT_RUNNING;
}

bool outcome_is_started(const struct outcome *o)
{
    return o->after.invocation_id[0] != '\0' && strcmp(o->after.invocation_id, o->invocation_before) != 0;
}

/* What cannot be reloaded is restarted by reload-or-restart, and so is what did not run. */
bool outcome_is_reload(const struct outcome *o)
{
    return strcmp(o->result, "done") == 0 && o->ran && !outcome_is_started(o) &&
           (o->verb == VERB_RELOAD || o->verb == VERB_RELOAD_OR_RESTART);
}

const char *outcome_what_was_done(const struct outcome *o)
{
    if (o->reloaded)
        return "reload";
    return outcome_is_started(o) ? "restart" : "";
}

static enum verdict not_done(const struct outcome *o)
{
    bool reload = o->verb == VERB_RELOAD || o->verb == VERB_RELOAD_OR_RESTART;

    return reload && !outcome_is_started(o) && unit_state_is_active(&o->after) ? VERDICT_NOT_RELOADED
                                                                               : VERDICT_DOWN;
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
        return not_done(o);
    if (o->verb == VERB_TRY_RESTART && !o->ran && !outcome_is_started(o))
        return VERDICT_NOT_RUNNING;
    if (unit_state_is_active(&o->after))
        return VERDICT_UP;
    if (is_well_ended(o))
        return VERDICT_WELL_ENDED;
    if (!outcome_is_started(o) && !o->reloaded)
        return VERDICT_DOWN;
    if (unit_state_is_between_restarts(&o->after))
        return VERDICT_RESTARTING;
    return strcmp(o->after.result, "success") == 0 ? VERDICT_ENDED : VERDICT_FAILED;
}

void outcome_note_fall(struct outcome *o, uint64_t usec)
{
    if (o->fell_usec == 0)
        o->fell_usec = usec > 0 ? usec : 1;
    if (o->fall[0] == '\0')
        unit_state_describe_result(&o->after, o->fall, sizeof(o->fall));
}
