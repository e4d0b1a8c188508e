/* GET /metrics: the broker's counters, and this front's own. */
#pragma once

#include "common/http/http.h"
#include "common/rpc/rpc-client.h"
#include "webfront/calls/parts.h"

#define METRICS_PATH "/metrics"

void metrics_get(struct parts *parts, struct http_request *request, const struct rpc_client_caller *caller);
