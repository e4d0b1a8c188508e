/* restarter.restart and the other verbs, and restart_unit with the plain contract. */
#pragma once

#include "common/rpc/wire-call.h"

struct outcome;
struct request;

/* Refuses the call of such a method in its own way, and records it. */
void method_restart_refuse(struct request *request, const struct outcome *outcome);
void method_restart(struct request *request, const struct wire_call *call);
