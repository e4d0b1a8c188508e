/* What a client wants to read, in which language and packed how, and what it sends. */
#pragma once

#include <stdbool.h>

#include "common/http/http.h"
#include "webfront/pages/language.h"

enum format {
    FORMAT_TEXT,
    FORMAT_JSON,
    FORMAT_HTML,
    FORMAT_PROBLEM, /* JSON at /api (RFC 9457); chosen by the address alone */
    FORMAT_MAX,
};

/* HTML for those who name text/html (browsers), JSON for those who name application/json; both: what they
 * prefer. Everybody else, wildcards included, gets `otherwise`. `accept` may be NULL. */
enum format accept_choose(const char *accept, enum format otherwise);

enum format accept_of(const struct http_request *request, enum format otherwise);

/* Of an Accept-Language header, which may be NULL: what is liked best, the first of them where two are liked
 * equally, and English where none of ours is. */
enum language accept_language(const char *accept);
/* Of an Accept-Encoding header, which may be NULL: what is compressed may be sent. */
bool accept_gzip(const char *accept);

/* True when a Content-Type header's value names exactly this media type; its parameters do not matter. */
bool media_type_is(const char *content_type, const char *type);
/* The same of a request, which has to have exactly one such header. */
bool accept_content_is(const struct http_request *request, const char *type);
