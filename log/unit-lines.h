/* The last lines of a unit: what its processes have written, and what PID 1 says of it. Whose they are is
 * told by journald's own fields, so that no other service writes any into them. */
#pragma once

#include "log/found.h"

enum {
    UNIT_LINES_TEXT_MAX = 500, /* bytes of one, cleaned */
    UNIT_LINES_PATIENCE_SEC = 3,
};

/* At most ERRAND_LINES_MAX of them. 0, also when there are none; -ENOMEDIUM when there is no journal that can
 * be read, or another negative errno. */
int unit_lines_find(const char *unit, struct found *ret);
