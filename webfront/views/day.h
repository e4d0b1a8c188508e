/* GET /day, GET /day/2026-11-22: all that was done from here on a day, for who looks after the machine. */
#pragma once

#include "common/http/http.h"
#include "common/rpc/rpc-client.h"
#include "webfront/calls/parts.h"

#define DAY_ADDRESS "/day/*"

void day_get(struct parts *parts, struct http_request *request, const struct rpc_client_caller *caller);
