/* A moment that has been, as people write it: a part of what systemd.time(7) knows. */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <time.h>

#define SINCE_USAGE                                                                                          \
    "'now', 'today', 'yesterday', '-90min', '2h ago', '10:00', '2026-11-21' or '2026-11-21 10:00'"

/* In local time, seen from `now`. "-1h", "1h ago" and "1d 2h ago" count back from now, in s, min, h, d and w.
 * False for anything else, and for a day or an hour that there is not. */
bool since_parse(const char *text, time_t now, uint64_t *ret_usec);
