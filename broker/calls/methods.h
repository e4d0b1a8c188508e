/* Who handles which method of the closed table (common/rpc/wire-call.h). A new one is a row there, one in
 * methods.c, and a handler in a file of its own. */
#pragma once

#include "broker/calls/method.h"
#include "common/rpc/wire-call.h"

const struct method *method_find(const struct wire_method *method);
