/* Which units a rolling restart is about, and in which order. */
#pragma once

#include "cli/rolling/plan.h"

struct cli_place;

/* Adds what the words mean: a unit as it is, the unit that an id means, and of a pattern's in the order in
 * which people look for them. None is there twice. CLI_EXIT_OK; otherwise it was said why. */
int rolling_units_choose(struct rolling_plan *plan, const struct cli_place *place, char *const words[],
                         size_t n);
