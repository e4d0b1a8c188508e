/* Under which name a request came, decided for all answers alike. Who comes by a foreign one, a page that had
 * its own name point here for instance, is told nothing of this machine, whatever else is wrong with the
 * request. */
#pragma once

#include "webfront/calls/app.h"

/* There is exactly one Host header, and it names a host that this web front answers to. */
bool host_is_ours(const struct app *app, const struct http_request *request);

/* What a page that answers the request may say of the place it comes from. */
const struct page_site *host_site(const struct app *app, const struct http_request *request);
