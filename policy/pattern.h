/* Patterns for instance names, in the common ground of POSIX extended regular expressions (as in grep -E) and
 * ECMAScript's (which polkitd matches with), so that the broker, polkitd and the admin read them alike:
 *
 *     literals  .  [classes]  (groups)  a|b  ?  *  +  {n}  {n,}  {n,m}
 *
 * A pattern is always matched whole. There is no backslash (a dot is [.]), no anchor, no negated or named
 * class, no back reference and no lazy repeat; only characters that an instance name can have stand for
 * themselves. Repeats are held small enough that neither compiling one nor matching it, even by backtracking,
 * takes noticeable memory or time for any name whatever. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "common/cleanup.h"

enum {
    PATTERN_LENGTH_MAX = 256,   /* characters */
    PATTERN_DEPTH_MAX = 8,      /* groups within groups */
    PATTERN_BOUND_MAX = 255,    /* n and m in {n,m} */
    PATTERN_SIZE_MAX = 512,     /* characters and classes, once all repeats are written out */
    PATTERN_STEPS_MAX = 250000, /* of a backtracking matcher, for the worst name there is */
    PATTERN_INSTANCE_MAX = 245, /* longest instance any unit name has room for */
};

enum {
    PATTERN_E_INVALID = 1, /* not in the common ground, or too much of it: see struct pattern_error */
};

struct pattern_error {
    size_t offset;     /* of the character that is wrong, from 0 */
    char message[120]; /* a sentence without full stop; printable ASCII */
};

struct pattern;

/* Checks and compiles. 0, PATTERN_E_INVALID with *ret_error filled, or -ENOMEM. */
int pattern_new(const char *text, struct pattern **ret, struct pattern_error *ret_error);
void pattern_free(struct pattern *pattern);
DEFINE_CLEANUP(struct pattern *, pattern_free);

/* How many steps a backtracking matcher takes at most: an upper bound over all instance names. */
unsigned pattern_steps(const struct pattern *pattern);

/* Does the whole of `instance` match? Means something only for valid instance names (unit_instance_valid()).
 */
bool pattern_match(const struct pattern *pattern, const char *instance);
