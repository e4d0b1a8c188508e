/* A few connections to one socket that are kept from one call to the next: to another machine each new one
 * would cost as much as several calls. A connection on which anything stirs while nobody uses it, an end or
 * bytes that nobody asked for, is not used again. */
#pragma once

#include <stdbool.h>
#include <systemd/sd-event.h>

#include "common/rpc/rpc-client.h"

enum {
    RPC_KEPT_MAX = 4, /* idle at once: who gives one back beyond them closes the one that was idle longest */
    /* Idle, and then closed: sooner than a broker ends them by itself, which is 10 s. */
    RPC_KEPT_IDLE_USEC = 5 * 1000 * 1000,
};

struct rpc_kept;

/* Connects to nothing yet; the path is copied. 0 or a negative errno. */
int rpc_kept_new(sd_event *event, const char *socket_path, struct rpc_kept **ret);
/* After all of its calls have ended. Closes what is idle. Takes NULL. Returns NULL. */
struct rpc_kept *rpc_kept_free(struct rpc_kept *kept);

/* As rpc_client_call() to that socket, whatever the request says of where to: over a kept connection, or a
 * new one without. `reads`: the call changes nothing, and may be sent a second time when a kept connection
 * turns out to have ended; any other is then RPC_CLIENT_UNKNOWN, unless no byte of it was taken. */
int rpc_kept_call(struct rpc_kept *kept, const struct rpc_client_request *request, bool reads,
                  rpc_client_done done, void *userdata, struct rpc_client_call **ret);

/* Connections that are open, and that nobody uses. */
unsigned rpc_kept_idle(const struct rpc_kept *kept);
