/* How many calls may wait at one gate, by what they wait for: reads never take the places of restarts, and no
 * unit those of the others. A call has its place from when it is to wait until its answer, or until its
 * caller has left. */
#pragma once

#include <stdbool.h>
#include <sys/queue.h>

struct outcome;

enum place_kind {
    PLACE_NONE, /* answered at once */
    PLACE_RESTART,
    PLACE_STATUS,
    PLACE_LIST,
    PLACES,
};

enum { PLACES_SUM = 96 + 32 + 448 }; /* all of one gate's */

/* Who waits; all zero: not yet. */
struct place {
    struct places *places;
    enum place_kind kind;
    const char *unit;        /* for a restart; borrowed for as long as the place is taken */
    unsigned verb;           /* and what he wants of it */
    TAILQ_ENTRY(place) link; /* of those who wait for a restart */
};

TAILQ_HEAD(place_list, place);
struct places {
    unsigned taken[PLACES];
    unsigned n_left; /* who wait for a restart in name only: their callers have hung up */
    struct place_list restarting;
};
void places_init(struct places *places);

/* Takes a place of that kind, for the verb that the outcome names. False: there is none, and the outcome says
 * so. */
bool place_take(struct places *places, enum place_kind kind, const char *unit, struct place *ret,
                struct outcome *ret_outcome);
/* Does nothing for one that was not taken. */
void place_leave(struct place *place);
