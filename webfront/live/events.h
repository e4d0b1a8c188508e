/* GET /events: what an open page is told as it happens (live.h). */
#pragma once

#include "common/http/http.h"
#include "common/rpc/rpc-client.h"
#include "webfront/calls/parts.h"

void events_get(struct parts *parts, struct http_request *request, const struct rpc_client_caller *caller);
