/* What can be read: the page, the list as JSON and as the answer to restarter.list, the state of health. All
 * come from the one list cache. */
#pragma once

#include <stdbool.h>

#include "common/http/http.h"
#include "webfront/calls/parts.h"

#define VIEWS_FULL "Too many wait for the list already. Try again in a moment."

void views_page(struct parts *parts, struct http_request *request);
void views_instances(struct parts *parts, struct http_request *request);
/* False when too many wait already: then the request is still to be answered. */
bool views_rpc(struct parts *parts, struct http_request *request);
void views_health(struct parts *parts, struct http_request *request);
