/* restarter.status. */
#pragma once

#include "broker/calls/method.h"

enum {
    /* Units whose state is read at once for restarter.status: so few that a click's own messages do not have
     * to stand behind many. (Each is a bundle of calls, and systemd answers one call after the other.) */
    STATUS_READS_MAX = 2,
};

void method_status(struct request *request, const struct wire_call *call);
