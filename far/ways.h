/* The ways to the far machine: masters of ssh's, each of which carries several sessions over one connection
 * that is kept. Which session goes by which master, and how ssh is told. */
#pragma once

#include <stdbool.h>

enum {
    WAYS_MASTERS = 5,
    WAYS_SESSIONS = 8, /* at each; sshd lets ten in (MaxSessions), and turns the next one away */
    WAYS_MAX = WAYS_MASTERS * WAYS_SESSIONS,
};

struct ways {
    bool taken[WAYS_MAX];
    unsigned n_open[WAYS_MASTERS]; /* sessions that have come about */
    int first;                     /* the place at which a master is being made, counted from 1; 0: nowhere */
};

/* A place for one more session, the lowest that is free, so that a second master is made when the first is
 * full; -1: there is none now. Where a master may have to be made, the first one goes alone, and whoever
 * comes meanwhile waits: of two at once each would connect. */
int ways_take(struct ways *ways);
/* It has come about. */
void ways_opened(struct ways *ways, int place);
/* It is over, or did not come about. */
void ways_give(struct ways *ways, int place, bool was_open);

/* Words of ssh's for a session at that place: no settings but these, the one key and the pinned host key. The
 * list ends with NULL and stays as it is until the next call. `secrets` is the directory of credentials; the
 * sockets of masters are in the directory in which the program runs. */
const char *const *ways_options(int place, const char *secrets);
