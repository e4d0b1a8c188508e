/* Which request goes where, and what every request has to pass first: the host it was sent to, the page it
 * comes from, path and method. A new page is a line in the table of router.c. */
#pragma once

#include "webfront/calls/app.h"

/* The two callbacks of the HTTP server; userdata is the app. */
void router_handle(struct http_request *request, void *userdata);
void router_refuse(struct http_request *request, unsigned status, const char *reason, void *userdata);
