/* Which rows of the table are told to somebody who asks for a part of it: of those that he sees, the ones
 * that he asked for, in the order that matters: failed ones, those on their way, of many the ones restarted
 * last (latest.h), and then the rest. */
#pragma once

#include "broker/table/instance.h"

struct recents;

enum {
    /* So many rows of an answer, at its beginning, say since when the unit is as it is and what its service's
     * result was: systemd has to be asked for these, unit by unit. */
    SELECTION_WHOLE = 100,
};

struct selection {
    uint32_t *indexes; /* in the table, of all that were asked for; in order as far as they are told */
    size_t n;
    size_t first, n_told;         /* of these, so many from there on */
    uint64_t counts[UNIT_GROUPS]; /* of the units that he sees */
    uint64_t exited;              /* of the running ones: active (exited) */
};
void selection_done(struct selection *selection);

/* `sight` is of sights_get(). 0 or -ENOMEM. */
int selection_make(const struct instances *instances, const uint8_t *sight, const struct recents *recents,
                   const struct wire_list_options *options, struct selection *ret);

/* Marks in the table what has to be known of them. True when something is not. */
bool selection_want(const struct selection *selection, struct instances *instances);
