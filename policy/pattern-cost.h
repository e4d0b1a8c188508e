/* What matching a pattern costs, by its tree. */
#pragma once

#include "policy/pattern-tree.h"

/* How often the child of a repeat is written out; without an upper bound the last one then loops. */
unsigned node_copies(const struct node *node);

/* How many characters and classes the node has once its repeats are written out; saturates at
 * PATTERN_SIZE_MAX + 1. */
unsigned node_size(const struct node *node);
/* How many steps a backtracking matcher takes at most for the whole tree, whatever the name is: an upper
 * bound, not an estimate. Saturates above PATTERN_STEPS_MAX. */
unsigned tree_steps(const struct tree *tree);

/* The limits on size and steps. 0 or PATTERN_E_INVALID. */
int tree_check(const struct tree *tree, struct pattern_error *ret_error);
