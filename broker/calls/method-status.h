/* restarter.status. */
#pragma once

#include "common/rpc/wire-call.h"

struct request;
struct statuses;
struct systemd;
struct units;

enum {
    /* Units whose state is read at once: so few that a click's own messages do not have to stand behind many.
     * (Each is a bundle of calls, and systemd answers one call after the other.) */
    STATUS_READS_MAX = 2,
};

/* Who waits for a unit's state. */
int statuses_new(struct systemd *systemd, const struct units *units, struct statuses **ret);
/* Those who wait must have been answered before. Takes NULL. Returns NULL. */
struct statuses *statuses_free(struct statuses *statuses);
/* The broker ends: everybody is answered. */
void statuses_stop(struct statuses *statuses);

void method_status(struct request *request, const struct wire_call *call);
