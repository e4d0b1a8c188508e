/* Of many units, those that were restarted last from here: they stand before the others, where they can be
 * found again. Of a few, each is found where it always is. */
#pragma once

#include "broker/record/recents.h"
#include "broker/table/instance.h"

enum {
    LATEST_MAX = 10,
    LATEST_OF = 50, /* more than so many have been asked for; a page of the list has no more */
};

struct latest {
    uint32_t indexes[LATEST_MAX]; /* in the table; the one restarted last comes first */
    uint64_t at[LATEST_MAX];
    size_t n;
};

/* Of the `n` units with these indexes, which ascend. Neither the clock nor anything that others see has a
 * part in it: it is another one only after something has changed that whoever sees these units is told of. */
void latest_find(const struct recents *recents, const struct instances *instances, const uint32_t *indexes,
                 size_t n, struct latest *ret);
bool latest_has(const struct latest *latest, uint32_t index);
