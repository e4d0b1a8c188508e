/* The list, or a part of it, as the answer to restarter.list, from the list cache as the pages. */
#pragma once

#include <stdbool.h>

#include "common/rpc/wire-list-options.h"
#include "webfront/calls/list-snapshot.h"
#include "webfront/calls/parts.h"
#include "webfront/requests/accept.h"

#define LIST_FULL "Too many wait for the list already. Try again in a moment."

/* That part. False when too many wait already: then the request is still to be answered. */
bool list_rpc(struct parts *parts, struct http_request *request, const struct rpc_client_caller *caller,
              const struct wire_list_options *part);

/* Why there is no list, as a fault, which says whose list it would be; *ret_owned is the caller's to free,
 * and may be NULL. */
struct wire_fault list_rpc_fault(const struct parts *parts, const struct list_snapshot *snapshot,
                                 char **ret_owned);

/* False: it was nobody whom the broker lets in, and that is answered, or the login is asked again. */
bool list_let_in(struct parts *parts, const struct list_snapshot *snapshot, struct http_request *request,
                 enum format otherwise);
