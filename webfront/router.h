/* Which request goes where, and what every request has to pass first: the host it was sent to, the page it
 * comes from, path and method. A new page is a line in the table of router.c. */
#pragma once

#include "common/http/http.h"
#include "common/rpc/rpc-client.h"
#include "webfront/calls/parts.h"

/* As the HTTP server's callbacks of these names: each sees to it that the request is answered, once. */
void router_handle(struct parts *parts, struct http_request *request);
void router_refuse(struct parts *parts, struct http_request *request, unsigned status, const char *reason);

/* As router_handle(), at the socket that is for /metrics alone, and for whoever reaches it. */
void router_handle_metrics(struct parts *parts, struct http_request *request);

/* Handles one that has passed all that, once more or later than the others, as that caller's. */
void router_handle_as(struct parts *parts, struct http_request *request,
                      const struct rpc_client_caller *caller);
