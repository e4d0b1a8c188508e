/* What is said of a rolling restart, as text: the line that tells how far it is, and how to go on. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cli/rolling/plan.h"

/* What the unit at which the plan is, is at. */
struct rolling_moment {
    uint64_t seconds; /* since it was asked for; or, in its pause, that are left of that */
    bool is_pause;
};

/* "3 of 12: a@3.service is being restarted, 4 s", cut at `size` - 1 bytes, which is ASCII all of it. Returns
 * ret. */
char *rolling_line(const struct rolling_plan *plan, const struct rolling_moment *moment, char *ret,
                   size_t size);

/* What it came to, a sentence or two: "3 of 12 were restarted, and stayed up." The caller's; NULL when out of
 * memory. */
char *rolling_sum(const struct rolling_plan *plan);

/* What is to be typed, for a shell to read: where, the verb, `option` ("": none), the limits where they are
 * not those that are when nothing is said, and the words, each quoted where it has to be. `place` as in
 * rolling_record_write(). The caller's; NULL when out of memory. */
char *rolling_command(const struct rolling_plan *plan, const char *place, const char *option);
