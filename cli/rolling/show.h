/* What is seen of a rolling restart while it runs: on a terminal one line that is written anew, elsewhere a
 * line for each unit, on standard output. What went wrong is a line on standard error, in any case. */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "cli/rolling/plan.h"
#include "cli/rolling/words.h"

struct rolling_show {
    FILE *live;         /* a terminal; NULL: none, or nothing is to be seen */
    bool has_lines;     /* for each unit that is done */
    bool has_live_line; /* it stands there now */
};

/* Standard output is for JSON then, and the live line on standard error. */
void rolling_show_begin(struct rolling_show *show, bool is_json, bool is_quiet);

/* The live line, anew. */
void rolling_show_moment(struct rolling_show *show, const struct rolling_plan *plan,
                         const struct rolling_moment *moment);
/* Nothing stands in the line any more. Before anything else is printed. */
void rolling_show_clear(struct rolling_show *show);
/* What became of a unit. */
void rolling_show_unit(struct rolling_show *show, const struct rolling_plan *plan, size_t i);
