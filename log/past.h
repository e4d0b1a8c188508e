/* Restarts that the broker has made, out of its record: of one unit, of a day, or the last ones of all. What
 * was refused is not among them; and what became of a unit that was still being watched when its caller was
 * answered stands in the entry of that caller. */
#pragma once

#include "common/record/errand.h"
#include "log/found.h"

enum {
    PAST_PATIENCE_SEC = 3,
    PAST_ARRIVES_SEC = 3, /* an entry that is on its way is waited for, before the rest is told */
    PAST_LOOK_MSEC = 20,  /* after the first look for it; then twice as long each time */
};

/* For HISTORY, DAY and LATEST. 0, also when nothing is found; -ENOMEDIUM when there is no journal that can be
 * read, or another negative errno. */
int past_find(const struct errand *errand, struct found *ret);
