/* GET /api/restarts/PRESS: what became of a press, or how far it is. */
#pragma once

#include "common/http/http.h"
#include "common/rpc/rpc-client.h"
#include "webfront/calls/parts.h"

#define API_RESTARTS "/api/restarts/"

void api_restarts_get(struct parts *parts, struct http_request *request,
                      const struct rpc_client_caller *caller);
/* Answers a press that is under way: 202, and where its outcome will be. */
void api_restarts_accept(const struct parts *parts, struct http_request *request, const char *press);
