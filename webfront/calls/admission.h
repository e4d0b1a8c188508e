/* Who is served at all, before it matters who asks for what. */
#pragma once

#include "common/http/http.h"
#include "webfront/calls/parts.h"
#include "webfront/pages/outcome.h"

/* What forbids the request: nobody knows whether a login is needed; or none is, and it comes from another
 * machine. Without a message, which is static, nothing does. */
struct outcome admission_check(const struct parts *parts, const struct http_request *request);
