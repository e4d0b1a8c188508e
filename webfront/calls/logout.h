/* POST /logout: the login is over, in this browser or in all of them. */
#pragma once

#include "common/http/http.h"
#include "common/rpc/rpc-client.h"
#include "webfront/calls/parts.h"

void logout_post(struct parts *parts, struct http_request *request, const struct rpc_client_caller *caller);
