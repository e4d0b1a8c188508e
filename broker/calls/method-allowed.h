/* restarter.allowed: what whoever asks may do. */
#pragma once

#include "common/rpc/wire-call.h"

struct request;

void method_allowed(struct request *request, const struct wire_call *call);
