/* What is said of a rolling restart when it is over. */
#pragma once

#include "cli/rolling/plan.h"
#include "common/rpc/json-layout.h"

/* By what it came to: enum cli_exit. */
int rolling_exit_status(const struct rolling_plan *plan);

/* Where it stopped, why, and how to go on; or that all is done, unless is_quiet. `place` as in
 * rolling_record_write(). */
void rolling_tell(const struct rolling_plan *plan, const char *place, bool is_quiet);

/* One object: what it came to, and each unit with what became of it. */
void rolling_tell_json(const struct rolling_plan *plan, const char *place, enum json_layout layout);
