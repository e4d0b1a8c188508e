/* restarter.outcome. */
#pragma once

#include "common/rpc/wire-call.h"

struct request;

void method_outcome(struct request *request, const struct wire_call *call);
