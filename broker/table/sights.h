/* Which rows of the table somebody sees, and what may be done there: worked out once for all who may the
 * same, and kept as long as there are the same rows. */
#pragma once

#include <stdint.h>

#include "broker/table/instance.h"
#include "common/person.h"
#include "policy/policy.h"

enum {
    SIGHTS_MAX = 16,   /* that are kept: a byte for each row */
    SIGHT_SEEN = 0x80, /* beside the verbs */
};
_Static_assert((VERB_ALL & SIGHT_SEEN) == 0, "a bit of its own");

struct sight {
    struct policy_view view;
    uint8_t *rows; /* the verbs that are granted there; SIGHT_SEEN: the row is seen */
};

/* All zero: none is kept. */
struct sights {
    struct sight kept[SIGHTS_MAX];
    size_t n, next; /* to make room */
    uint64_t shape; /* of the table, table_shape() */
};
void sights_forget(struct sights *sights);

/* A byte for each of the rows, valid until the next call; NULL when out of memory. `shape` is what they have.
 * The policy may be NULL. */
const uint8_t *sights_get(struct sights *sights, const struct policy *policy, const struct person *person,
                          const struct instances *instances, uint64_t shape);
