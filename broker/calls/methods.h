/* Who handles which method of the closed table (common/rpc/wire-call.h). A new one is a row there, one in
 * methods.c, and a handler in a file of its own. */
#pragma once

#include <stdbool.h>

#include "broker/calls/places.h"
#include "common/rpc/wire-call.h"

struct request;

struct method {
    /* Owns the request from here on: ends in request_answer() or request_fault(), now or later. The call is
     * valid until it returns. */
    void (*handle)(struct request *request, const struct wire_call *call);
    enum place_kind place; /* for what its callers wait; restarts take theirs when the unit is known */
    bool for_fronts;       /* a web front may ask for nobody, also where people have to log in */
};

const struct method *method_find(const struct wire_method *method);
