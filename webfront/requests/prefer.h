/* Prefer (RFC 7240): the two preferences that are known here; others are ignored, as the standard wants. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "common/http/http.h"

enum { PREFER_WAIT_MAX_SEC = 60, PREFER_WAIT_UNKNOWN = -1 };

struct prefer {
    bool respond_async;
    int wait; /* seconds, at most PREFER_WAIT_MAX_SEC; PREFER_WAIT_UNKNOWN: not said */
};

/* Takes what a header's value says into *prefer; what was said first counts. */
void prefer_parse(const char *value, struct prefer *prefer);
/* All of a request's such headers. */
struct prefer prefer_of(const struct http_request *request);
