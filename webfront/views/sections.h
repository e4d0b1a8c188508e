/* GET / where there are other machines: the list, and a section for each of them. They are all asked at once;
 * one that does not answer soon is shown without rows, and one that was silent before is not waited for. */
#pragma once

#include "common/http/http.h"
#include "common/rpc/rpc-client.h"
#include "common/rpc/wire-list-options.h"
#include "webfront/calls/parts.h"

enum { SECTIONS_PATIENCE_USEC = 1000 * 1000 /* with all of them */ };

/* `renewed`: the caller has a new ticket, for a cookie. Answers the request. */
void sections_page(struct parts *parts, struct http_request *request, const struct rpc_client_caller *caller,
                   const struct wire_list_options *part, bool renewed);
