/* A login that is used goes on: when a page is read and a quarter of the idle time is over, the broker is
 * asked for the same ticket with a later end. Never when something is pressed, which is not to wait for it,
 * nor when a page that is open reads itself again (Restarter-Unattended), which is no use that anybody makes
 * of it. */
#pragma once

#include <stdbool.h>

#include "common/http/http.h"
#include "common/rpc/rpc-client.h"
#include "webfront/calls/parts.h"

/* With the ticket that the request is to be answered by, the new one or, if there is none, the one that it
 * came with. The caller is valid during the callback. */
typedef void (*renewal_done)(struct parts *parts, struct http_request *request,
                             const struct rpc_client_caller *caller, bool renewed);

/* Calls `done`, now or later. */
void renewal_before(struct parts *parts, struct http_request *request, const struct rpc_client_caller *caller,
                    renewal_done done);
