/* Who may do what: for each unit that the policy is about, and for many that it is not, every verb as the
 * policy file has it and as the polkitd that runs answers. What `policy table` prints, `policy check` judges
 * and `policy apply` waits for. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <systemd/sd-bus.h>

#include "common/unit-name.h"
#include "policy/policy.h"
#include "polkit/ask/ask.h"
#include "polkit/ask/units.h"

enum row_kind {
    ROW_INSTANCE,  /* loaded or enabled, of a granted template; a granted plain unit that there is */
    ROW_SAMPLE,    /* a name that a grant covers; no such unit is loaded or enabled */
    ROW_RULE,      /* a name that the tables of the rule cover, and no grant */
    ROW_NEAR_MISS, /* almost what a grant covers */
    ROW_FOREIGN,   /* something else */
};

struct row {
    enum row_kind kind;
    size_t order; /* in which it was added */
    char name[UNIT_NAME_SIZE];
    char own_name[UNIT_NAME_SIZE]; /* what PID 1 calls the unit, and asks polkitd about: differs for an alias
                                    */
    char state[UNIT_STATE_SIZE];
    /* Verbs, in bits by their places in ASK_VERBS: what the policy file grants for the name and for the own
     * name, what polkitd lets pass, and what it would ask a password for, which is a no. */
    uint32_t broker, granted, polkit, challenge;
    uint32_t stranger; /* what it lets another process of the broker's user do: after matrix_ask_stranger() */
    uint32_t tried;    /* the verbs that polkitd was asked about */
    const struct grant *grant; /* nearest to it; NULL: none */
};

/* All of ASK_VERBS. */
uint32_t verbs_all(void);

struct matrix {
    const struct policy *policy;
    struct row *rows;
    size_t n_rows;
    uint32_t verbs; /* that are asked about */
    bool with_actions;
    struct ask_question *actions; /* every action that polkitd knows, with its answer when no unit is named */
    size_t n_actions;
    size_t stranger_actions; /* of them, those permitted to another process of the broker's user */
    char **action_names;     /* what they point to */
    size_t questions;
    uint64_t usec;
    bool truncated; /* there are more instances than are looked at */
};

enum { MATRIX_INSTANCES_MAX = 500 };

/* Collects the rows; asks nobody but systemd. `foreign`: also units that have nothing to do with the policy,
 * and actions. Returns 0 or a negative errno. */
int matrix_build(struct matrix *matrix, sd_bus *bus, const struct policy *policy, bool foreign);
/* The same for names of the caller's choice, resolved when they are aliases of units, or taken as they are.
 */
int matrix_build_names(struct matrix *matrix, sd_bus *bus, const struct policy *policy, char *const *names,
                       size_t n, bool literal);
/* Adds names that the grants of another policy cover: of one that was read from a rule. */
int matrix_add_samples(struct matrix *matrix, const struct policy *other);
/* Fills in polkitd's answers. Returns 0 or a negative errno: see asker_error(). */
int matrix_ask(struct matrix *matrix, struct asker *asker);
/* After matrix_ask(), about another process of the broker's user: all actions, and of each row the verbs that
 * somebody may do; of all but near misses restart and start as well. */
int matrix_ask_stranger(struct matrix *matrix, struct asker *asker);
void matrix_done(struct matrix *matrix);

static inline bool row_is_alias(const struct row *row)
{
    return strcmp(row->name, row->own_name) != 0;
}
/* The policy file grants it and it cannot be done: polkit does not let it, or it is asked for by an alias,
 * which the broker refuses. And the other way round. */
static inline uint32_t row_dead(const struct row *row)
{
    return row->broker & row->tried & (row_is_alias(row) ? UINT32_MAX : ~row->polkit);
}
static inline uint32_t row_excess(const struct row *row)
{
    return row->polkit & ~row->granted;
}
/* Of the own name: polkit does not let what the policy file grants. */
static inline uint32_t row_denied(const struct row *row)
{
    return row->granted & ~row->polkit & row->tried;
}
/* polkitd goes by this very policy. */
bool matrix_agrees(const struct matrix *matrix);

/* Verbs by their bits, with ", " between them; "-" for none. The text is cut when it does not fit. */
void verbs_print(uint32_t verbs, char *ret, size_t size);
