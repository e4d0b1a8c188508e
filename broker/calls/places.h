/* How many calls may wait at one gate, by what they wait for: reads never take the places of restarts, no
 * unit those of the others, and no person those of the others. A call has its place from when it is to wait
 * until its answer, or until its caller has left. */
#pragma once

#include <stdbool.h>
#include <sys/queue.h>

struct outcome;

enum place_kind {
    PLACE_NONE, /* answered at once */
    PLACE_RESTART,
    PLACE_STATUS,
    PLACE_LIST,
    PLACE_CHANGES,
    PLACE_RECORD,    /* what the journal has */
    PLACE_MULTICALL, /* for the calls in it, each of which has a place of its own as well */
    PLACES,
};

enum {
    PLACES_SUM =
        96 + 48 + 448 + 64 + 48, /* all of one gate's; a multicall waits only while one of these does */
    /* One person's, as far as that is not more than half of what the others have left. */
    PLACES_OWN_RESTARTS = 24,
    PLACES_OWN_STATUSES = 16,
    PLACES_OWN_LISTS = 128,
    PLACES_OWN_CHANGES = 16, /* a page has none of its own: its front has one for all */
    PLACES_OWN_RECORDS = 12,
    PLACES_OWN_MULTICALLS = 8,
};

/* Who waits; all zero: not yet. */
struct place {
    struct places *places;
    const char *who;  /* NULL: nobody who is counted; borrowed for as long as the place is taken, as is the */
    const char *unit; /* for a restart */
    unsigned verb;    /* and what he wants of it */
    enum place_kind kind;
    TAILQ_ENTRY(place) link;
};

TAILQ_HEAD(place_list, place);
struct places {
    unsigned taken[PLACES];
    unsigned n_left; /* who wait for a restart in name only: their callers have hung up */
    struct place_list waiting;
};
void places_init(struct places *places);

/* Takes a place of that kind, for the verb that the outcome names. `who` is told apart from others at this
 * gate by it; NULL is for root, and for nobody in particular, who may be many. False: there is none, and the
 * outcome says so. */
bool place_take(struct places *places, enum place_kind kind, const char *who, const char *unit,
                struct place *ret, struct outcome *ret_outcome);
/* Does nothing for one that was not taken. */
void place_leave(struct place *place);
