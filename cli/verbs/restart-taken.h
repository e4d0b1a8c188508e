/* --no-block: a restart is asked for, and not waited for. */
#pragma once

#include "cli/shared/call.h"

/* As call_start(), for a call with a press; but it ends as soon as the broker tells of that press: with the
 * answer of restarter.outcome, whose verdict is under-way. The broker goes on with it when this process has
 * gone. What was refused, or was over at once, ends as it does otherwise. */
int taken_start(sd_event *event, const struct cli_place *place, const struct wire_call *call,
                uint64_t timeout_usec, call_done done, void *userdata);

/* It was taken, and nothing else is known. */
bool taken_only(const struct wire_answer *answer);
