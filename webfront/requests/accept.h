/* What a client wants to read, and what it sends: the two media type headers that matter here. */
#pragma once

#include <stdbool.h>

#include "common/http/http.h"

enum format {
    FORMAT_TEXT,
    FORMAT_JSON,
    FORMAT_HTML,
    FORMAT_MAX,
};

/* HTML for those who name text/html (browsers), JSON for those who name application/json; both: what they
 * prefer. Everybody else, wildcards included, gets `otherwise`. `accept` may be NULL. */
enum format accept_choose(const char *accept, enum format otherwise);

enum format accept_of(const struct http_request *request, enum format otherwise);

/* True when a Content-Type header's value names exactly this media type; its parameters do not matter. */
bool media_type_is(const char *content_type, const char *type);
/* The same of a request, which has to have exactly one such header. */
bool accept_content_is(const struct http_request *request, const char *type);
