/* POST /RPC2: XML-RPC for programs that cannot reach the broker's own socket. */
#pragma once

#include "common/http/http.h"
#include "common/rpc/rpc-client.h"
#include "webfront/calls/parts.h"

void relay_post(struct parts *parts, struct http_request *request, const struct rpc_client_caller *caller);
