/* The units that changed, each once: found by name, and in the order in which they changed last. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/queue.h>

/* When, in ticks; 0: never. */
struct changed_unit {
    TAILQ_ENTRY(changed_unit) link;    /* latest first, once it has come out */
    TAILQ_ENTRY(changed_unit) pending; /* until the next tick */
    uint64_t last;                     /* change of it */
    uint64_t came;                     /* or went: who has a list lacks it, or has it too much */
    bool is_pending, is_listed;
    bool moved;             /* pending: it came or went */
    bool only_loaded;       /* pending: it came, and nothing else happened to it */
    uint64_t state, result; /* what was told of it last, as a sum; 0: nothing */
    char unit[];
};

TAILQ_HEAD(changed_list, changed_unit);

struct changed {
    void *tree; /* by name */
    size_t n;
    struct changed_list list, pending;
};
void changed_init(struct changed *changed);
void changed_done(struct changed *changed);

/* Found, or made; NULL when out of memory. */
struct changed_unit *changed_get(struct changed *changed, const char *name);

/* It comes out with the next tick. */
void changed_note(struct changed *changed, struct changed_unit *unit);
/* It does not after all. */
void changed_take_back(struct changed *changed, struct changed_unit *unit);

bool changed_has_pending(const struct changed *changed);
/* All that is pending comes out as that tick's. */
void changed_come_out(struct changed *changed, uint64_t tick);
