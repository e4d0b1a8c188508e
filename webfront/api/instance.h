/* GET /api/instances/UNIT: how one unit is. */
#pragma once

#include "common/http/http.h"
#include "common/rpc/rpc-client.h"
#include "webfront/calls/parts.h"

#define API_INSTANCE "/api/instances/*"

void api_instance_get(struct parts *parts, struct http_request *request,
                      const struct rpc_client_caller *caller);
