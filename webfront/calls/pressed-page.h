/* A page that is rendered once for many requests, with a press of its own for each of them. */
#pragma once

#include <stddef.h>

#include "common/http/http.h"
#include "webfront/requests/etag.h"

/* Takes `text` over, in which PAGE_PRESS_FIELD stands once for each form; NULL without one and when out of
 * memory. Each answer has the security headers, and the tag, unless that is "". */
struct http_shared *pressed_page_new(char *text, size_t size, const char *tag);
