/* What this side of the broker writes to the journal: requests that it turned away itself, and those of which
 * the broker cannot tell, because it never had them or never answered. All others the broker records. */
#pragma once

#include "webfront/calls/app.h"
#include "webfront/pages/outcome.h"

/* `asked` is what the client named, however odd, or NULL; since_usec the request's beginning, or 0. */
void audit_outcome(struct app *app, const struct http_request *request, const struct outcome *outcome,
                   const char *asked, uint64_t since_usec);
