/* The same verb on several machines, side by side or one after the other: this program once for each. */
#pragma once

#include <stdbool.h>

#include "cli/shared/children.h"
#include "cli/shared/hosts.h"
#include "common/rpc/json-layout.h"

/* What those who run them in one order or the other are handed. */
struct several {
    const struct hosts *hosts;
    char **words;             /* of each of them */
    enum json_layout layout;  /* JSON_OFF: what they print is shown; else it is gathered, for one object */
    bool no_legend;           /* as in struct cli_options */
    struct children children; /* those that were begun */
};

/* Runs them, shows what is to be shown, and returns the exit status of all. */
typedef int (*several_order)(struct several *several);

/* argv: the verb and what follows it, ends with NULL; `no_legend` as in struct cli_options; `order` is
 * side_by_side() or in_turn(). With a layout one object of all of them is printed, with those in it that were
 * not begun. Returns what the order does. */
int several_run(const struct hosts *hosts, char *const argv[], enum json_layout layout, bool no_legend,
                several_order order);
