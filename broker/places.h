/* How many calls may wait at one gate, by what they wait for: reads never take the places of restarts, and no
 * unit those of the others. A call has its place from when it is to wait until its answer, or until its
 * caller has left. */
#pragma once

#include <stdbool.h>

struct broker_gate;
struct outcome;
struct request;

enum place {
    PLACE_NONE, /* answered at once */
    PLACE_RESTART,
    PLACE_STATUS,
    PLACE_LIST,
    PLACES,
};

enum { PLACES_SUM = 96 + 32 + 448 }; /* all of one gate's */

void places_init(struct broker_gate *gate);

/* Takes a place of that kind, for request->unit if it is one for a restart. False: there is none, and the
 * outcome says so. */
bool place_take(struct request *request, enum place place, struct outcome *ret_outcome);
/* Does nothing for a request that has none. */
void place_leave(struct request *request);
