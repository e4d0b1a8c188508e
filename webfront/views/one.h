/* The list of one unit: its card has its last restarts below it. */
#pragma once

#include "webfront/calls/list-cache.h"
#include "webfront/calls/parts.h"
#include "webfront/pages/outcome.h"

/* There is one in all, and the list shows it. */
bool one_is_listed(const struct list_snapshot *snapshot);

/* What is known of its restarts; NULL: nothing, or there is not one. Valid for the moment. */
const struct outcome *one_past(const struct parts *parts, const struct list_snapshot *snapshot);

/* Has the broker asked for them, and `ready` called with the list as it is then, for the same caller; with
 * another one when nothing can be asked. False: there is nothing to ask for, and nothing was done. */
bool one_ask(struct parts *parts, const struct list_snapshot *snapshot, struct http_request *request,
             list_ready ready);
