/* Several units at once, or any that are not waited for. */
#pragma once

#include "cli/verbs/restart-options.h"

/* Those that the words choose, side by side, a few at a time; what became of each is said as it comes, and at
 * the end how many. Returns the highest exit status of all. */
int restart_many(const struct restart_options *options);
