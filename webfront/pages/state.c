/* What is not known is on its way somewhere. */
#include "webfront/pages/state.h"

#include <string.h>

const char *state_colour(const char *active_state)
{
    if (strcmp(active_state, "active") == 0)
        return "good";
    if (strcmp(active_state, "failed") == 0)
        return "bad";
    return strcmp(active_state, "inactive") == 0 ? "off" : "busy";
}
