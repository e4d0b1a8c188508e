/* How units are, as far as it was told, and what is another way than before. */
#pragma once

#include <stddef.h>

#include "common/rpc/wire.h"

struct watch_state {
    char *unit;                           /* NULL in what was not there before, or is not any more */
    char active_state[32], sub_state[32]; /* "" then */
    uint64_t since;                       /* it is like that: seconds since 1970; 0: unknown */
};

struct watch_states {
    struct watch_state *list; /* by their names */
    size_t n;
};
void watch_states_done(struct watch_states *states);

/* Told of each that is another way now, or the same way since another time: it was restarted in between. */
typedef void (*watch_changed)(const char *unit, const struct watch_state *before,
                              const struct watch_state *after, void *userdata);

/* Of a list; 0 or -ENOMEM. */
int watch_states_read(const struct wire_list *list, struct watch_states *ret);
/* Puts the one into the place of the other, which is ended, and tells the differences. */
void watch_states_replace(struct watch_states *states, struct watch_states *with, watch_changed changed,
                          void *userdata);
/* One unit is like that now. One that is not there is none of theirs: nothing happens. */
void watch_states_update(struct watch_states *states, const struct wire_status *status, watch_changed changed,
                         void *userdata);
