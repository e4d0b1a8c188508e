/* Names made out of a pattern's tree, and names that almost match. */
#pragma once

#include <stddef.h>

#include "common/unit-name.h"
#include "policy/pattern-tree.h"
#include "tests/unit/random.h"

/* `{ .length = 0 }` is an empty one. */
struct name {
    char text[UNIT_NAME_SIZE + 64];
    size_t length;
};

/* What no longer fits is left away. */
void name_add(struct name *name, char c);
void name_add_string(struct name *name, const char *text);

/* Appends a random match of the node. */
void name_add_match(struct name *name, const struct node *node, struct random *random);

/* One small change: a character more, less, other, twice, or two exchanged. */
void name_mutate(struct name *name, struct random *random);

/* Text that often is a pattern, and often almost one. */
void random_pattern(struct random *random, char *ret, size_t size);
