/* Names to try a grant with: some that it covers, and some that almost look like it. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "common/unit-name.h"
#include "policy/policy.h"

enum { SAMPLE_VARIANTS = 8 };

/* One instance that matches the pattern. Variant 0 is the shortest, of first alternatives and lowest
 * characters; 1 the other way round, long but not endless; those above are mixtures. The same variant is
 * always the same name. False when what comes out is no valid instance (too long, say). */
bool sample_instance(const char *pattern, unsigned variant, char ret[static UNIT_NAME_SIZE]);

/* Near misses of a unit, by what was changed: one character more, less or other, another template, another
 * suffix. They are literal names as PID 1 could see them; some have no place in our own grammar. Calls
 * `found` for each that the policy does not cover. Stops when it returns something other than 0, and returns
 * that. */
typedef int (*sample_found)(const char *name, void *userdata);
int sample_near_misses(const struct policy *policy, const struct unit_name *name, sample_found found,
                       void *userdata);

/* Does some grant have the unit, with any verb? */
bool sample_covered(const struct policy *policy, const char *unit);
