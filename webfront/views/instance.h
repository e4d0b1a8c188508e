/* GET /instances/UNIT: one unit, how it is and why, what it logged, and what was done to it from here. */
#pragma once

#include "common/http/http.h"
#include "common/rpc/rpc-client.h"
#include "webfront/calls/parts.h"

#define INSTANCE_ADDRESS "/instances/*"

void instance_get(struct parts *parts, struct http_request *request, const struct rpc_client_caller *caller);
