/* GET /restarts/PRESS: what became of a press, or how far it is. It presses nothing, however often it is
 * asked for, and by whom. */
#pragma once

#include "common/http/http.h"
#include "common/rpc/rpc-client.h"
#include "webfront/calls/parts.h"

void pressed_get(struct parts *parts, struct http_request *request, const struct rpc_client_caller *caller);
