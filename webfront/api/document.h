/* GET /api: the document that says what there is at /api (OpenAPI 3.1). */
#pragma once

#include "common/http/http.h"
#include "common/rpc/rpc-client.h"
#include "webfront/calls/parts.h"

#define API_DOCUMENT_PATH "/api"

void api_document_get(struct parts *parts, struct http_request *request,
                      const struct rpc_client_caller *caller);
