/* POST /api/instances/UNIT/restart, and the other verbs. */
#pragma once

#include "common/http/http.h"
#include "common/rpc/rpc-client.h"
#include "webfront/calls/parts.h"

#define API_RESTART "/api/instances/*/restart"
#define API_TRY_RESTART "/api/instances/*/try-restart"
#define API_RELOAD "/api/instances/*/reload"
#define API_RELOAD_OR_RESTART "/api/instances/*/reload-or-restart"

void api_restart_post(struct parts *parts, struct http_request *request,
                      const struct rpc_client_caller *caller);
void api_try_restart_post(struct parts *parts, struct http_request *request,
                          const struct rpc_client_caller *caller);
void api_reload_post(struct parts *parts, struct http_request *request,
                     const struct rpc_client_caller *caller);
void api_reload_or_restart_post(struct parts *parts, struct http_request *request,
                                const struct rpc_client_caller *caller);
