/* Which units somebody means: UNIT|ID|PATTERN… */
#pragma once

#include <stdbool.h>

#include "cli/shared/place.h"
#include "common/array.h"

/* It has a *, ? or [ in it, which no name has. */
bool select_is_pattern(const char *word);
/* As the shell matches names of files: the unit, or what stands before its ".service". */
bool select_matches(const char *pattern, const char *unit);
bool select_matches_any(const struct texts *patterns, const char *unit);

/* Names and ids as they are, for it is the broker that knows what they mean; in the place of a pattern those
 * units of the list that it matches. None is there twice. The list is only asked for where there is a
 * pattern. On CLI_EXIT_OK *ret is the caller's and not empty; otherwise it was said why: CLI_EXIT_REFUSED
 * where a pattern matches nothing. */
int select_units(const struct cli_place *place, char *const words[], size_t n, struct texts *ret);
