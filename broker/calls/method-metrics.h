/* restarter.metrics. */
#pragma once

#include "common/rpc/wire-call.h"

struct request;

void method_metrics(struct request *request, const struct wire_call *call);
