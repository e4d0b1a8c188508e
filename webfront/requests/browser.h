/* Whether a browser has sent a request, and not a program: a browser that is asked for a password by HTTP
 * opens a dialogue of its own, and from then on sends the password along with whatever any page makes it
 * send here. So it is never asked, and what it sends of that kind does not count. */
#pragma once

#include <stdbool.h>

#include "common/http/http.h"

/* By what no program sends of itself: Origin, or which site's page it was, and what for (Sec-Fetch-Site,
 * Sec-Fetch-Dest, Sec-Fetch-User). */
bool browser_has_sent(const struct http_request *request);
/* Somebody follows a link of another site's page: the browser says so, and leaves cookies away that are
 * SameSite=Strict. */
bool browser_follows_link(const struct http_request *request);
/* Also by what hardly any does: for browsers do not say the former over HTTP to other machines. */
bool browser_may_have_sent(const struct http_request *request);
