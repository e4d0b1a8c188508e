/* restarter.history, restarter.day, restarter.logs: what the journal has of restarts and of a unit, for whom
 * it is: here as everywhere, what somebody may not see is as if it were not there; and who answers for the
 * journal decides once more. */
#pragma once

#include "common/rpc/wire-call.h"

struct request;

void method_history(struct request *request, const struct wire_call *call);
void method_day(struct request *request, const struct wire_call *call);
void method_logs(struct request *request, const struct wire_call *call);
