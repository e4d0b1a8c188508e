/* Who handles which method of the closed table (common/wire-call.h). A new one is a row there, one in
 * methods.c, and a handler in a file of its own. */
#pragma once

#include <stddef.h>

#include "broker/outcome.h"
#include "broker/places.h"
#include "broker/target.h"
#include "common/wire-call.h"

struct request;

struct method {
    const char *name;
    enum place_kind place; /* for what its callers wait; restarts take theirs when the unit is known */
    /* Owns the request from here on: ends in request_answer() or request_fault(), now or later. The call is
     * valid until it returns. */
    void (*handle)(struct request *request, const struct wire_call *call);
};

const struct method *method_find(const struct wire_method *method);

enum {
    /* Units whose state is read at once for restarter.status: so few that a click's own messages do not have
     * to stand behind many. (Each is a bundle of calls, and systemd answers one call after the other.) */
    STATUS_READS_MAX = 2,
};

/* Handlers. */
void method_restart_unit(struct request *request, const struct wire_call *call);
void method_restart(struct request *request, const struct wire_call *call);
void method_status(struct request *request, const struct wire_call *call);

/* For handlers: the unit that an id means, which is noted for the journal. False when the policy does not
 * cover it, or it means none; *ret_outcome is the refusal then. */
bool method_target(struct request *request, const char *id, struct target *ret, struct outcome *ret_outcome);
