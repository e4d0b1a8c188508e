/* Which host names this web front answers to, and whose pages may make it act. A page of another site can
 * point a browser here in two ways: by a form that posts to us (Origin and Sec-Fetch-Site tell), or by a name
 * of its own that suddenly resolves to 127.0.0.1 (Host tells). Programs that are no browsers send neither and
 * are let in: who can open the socket at all is not decided here. */
#pragma once

#include <stdbool.h>

#include "common/http/http.h"

/* True for a loopback host (127.0.0.0/8, localhost, [::1]; any port) and for what `allowed` lists: names
 * separated by spaces, compared without case; with a port ("panel.example:8443") only that one, without one
 * any. */
bool origin_host_allowed(const char *host, const char *allowed);

/* Whether a POST to `host` may act. `origin` and `fetch_site` are those headers' values, or NULL without
 * them. */
bool origin_post_allowed(const char *host, const char *origin, const char *fetch_site);

/* The same, asked of a request. Its Host is one of ours when it has exactly one, and that is allowed; of the
 * other two headers it may lack each, and have none twice: which one counts would be a guess. */
bool origin_is_ours(const struct http_request *request, const char *allowed);
bool origin_may_post(const struct http_request *request);
