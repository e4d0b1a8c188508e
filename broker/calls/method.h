/* What a method is, and what all of them begin with. */
#pragma once

#include <stdbool.h>

#include "broker/calls/places.h"
#include "broker/jobs/outcome.h"
#include "broker/jobs/target.h"
#include "common/rpc/wire-call.h"

struct request;

struct method {
    const char *name;
    enum place_kind place; /* for what its callers wait; restarts take theirs when the unit is known */
    /* Owns the request from here on: ends in request_answer() or request_fault(), now or later. The call is
     * valid until it returns. */
    void (*handle)(struct request *request, const struct wire_call *call);
};

/* The unit that an id means, which is noted for the journal. False when the policy does not
 * cover it, or it means none; *ret_outcome is the refusal then. */
bool method_target(struct request *request, const char *id, struct target *ret, struct outcome *ret_outcome);
