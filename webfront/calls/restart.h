/* POST /restart: one click. */
#pragma once

#include "common/http/http.h"
#include "webfront/calls/parts.h"

void restart_post(struct parts *parts, struct http_request *request);
