/* What was asked, and whether it may be. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "common/http/http-parts.h"

void http_request_set_uri(struct http_request *request, const char *uri);
enum http_method http_method_from_string(const char *method);

/* 0, or the HTTP status to refuse the request with and a sentence; sets body_expected. */
unsigned http_request_screen(struct http_request *request, const char *version, size_t body_max,
                             const char **ret_reason);
bool http_request_append_body(struct http_request *request, const char *data, size_t size);
