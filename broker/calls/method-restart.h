/* restarter.restart and the other verbs, and restart_unit with the plain contract. */
#pragma once

#include "common/rpc/wire-call.h"

struct request;

void method_restart(struct request *request, const struct wire_call *call);
