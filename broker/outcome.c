/* What counts as success. */
#include "broker/outcome.h"

#include <string.h>

bool outcome_is_success(const char *result, const struct unit_state *after)
{
    if (strcmp(result, "done") != 0)
        return false;
    /* "refreshing" is systemd 257's reload of a running service's confinement. */
    if (strcmp(after->active_state, "active") == 0 || strcmp(after->active_state, "reloading") == 0 ||
        strcmp(after->active_state, "refreshing") == 0)
        return true;
    return strcmp(after->active_state, "inactive") == 0 && strcmp(after->result, "success") == 0 &&
           strcmp(after->type, "oneshot") == 0;
}
