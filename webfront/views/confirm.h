/* GET /confirm?service_id=ID&verb=VERB: the page that asks whether a press is meant, for who has no script.
 * It presses nothing: its form does. */
#pragma once

#include "common/http/http.h"
#include "common/rpc/rpc-client.h"
#include "webfront/calls/parts.h"

void confirm_get(struct parts *parts, struct http_request *request, const struct rpc_client_caller *caller);
