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

#include "common/cleanup.h"
#include "policy/pattern-limits.h"

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
