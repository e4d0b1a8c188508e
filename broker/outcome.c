/* What counts as success. */
#include "broker/outcome.h"

#include <string.h>

bool outcome_is_started(const struct outcome *o)
{
    return o->after.invocation_id[0] != '\0' && strcmp(o->after.invocation_id, o->invocation_before) != 0;
}

static bool is_up(const struct unit_state *after)
{
    /* "refreshing" is systemd 257's reload of a running service's confinement. */
    return strcmp(after->active_state, "active") == 0 || strcmp(after->active_state, "reloading") == 0 ||
           strcmp(after->active_state, "refreshing") == 0;
}

/* Systemd says "done" as well when it skipped the start, since a condition of the unit was not met: what ran
 * before did end well, but nothing ran now. */
static bool is_well_ended(const struct outcome *o)
{
    return strcmp(o->after.active_state, "inactive") == 0 && strcmp(o->after.result, "success") == 0 &&
           strcmp(o->after.type, "oneshot") == 0 && outcome_is_started(o);
}

bool outcome_is_success(const struct outcome *o)
{
    return strcmp(o->result, "done") == 0 && (is_up(&o->after) || is_well_ended(o));
}
