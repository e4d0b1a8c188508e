/* What is only read: a call to the broker for the request, and its answer as JSON. */
#pragma once

#include "common/http/http.h"
#include "common/rpc/rpc-client.h"
#include "common/rpc/wire-call.h"
#include "webfront/calls/parts.h"

/* Answers the request with what the broker says to `what`, which is needed until it returns. */
void api_read(struct parts *parts, struct http_request *request, const struct rpc_client_caller *caller,
              const struct wire_call *what);

/* Refuses it for what is wrong with a name in its address: none at all, or, with an outcome of
 * unit_id_check(), none of the grammar. */
void api_refuse_name(struct parts *parts, struct http_request *request, int outcome);
