/* restarter.restart and the other verbs, and restart_unit with the plain contract. */
#pragma once

#include "broker/calls/method.h"

void method_restart(struct request *request, const struct wire_call *call);
/* The same, told in two fields. */
void method_restart_unit(struct request *request, const struct wire_call *call);
