/* What can be read: the page, the list as JSON, the state of health. All come from the one list cache. */
#pragma once

#include "common/http/http.h"
#include "common/rpc/rpc-client.h"
#include "webfront/calls/parts.h"

void views_page(struct parts *parts, struct http_request *request, const struct rpc_client_caller *caller);
void views_instances(struct parts *parts, struct http_request *request,
                     const struct rpc_client_caller *caller);
void views_health(struct parts *parts, struct http_request *request, const struct rpc_client_caller *caller);
