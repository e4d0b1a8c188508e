/* Words for a Host and an Origin that do not fit. Whoever reads them sees which two they were, and is told
 * that a reverse proxy may have changed one on the way, which is why most that are turned away so are. */
#pragma once

#include <stdbool.h>

#include "common/http/http.h"

/* A sentence for a request that came under a name that is not ours, or from a page that is not; the caller's
 * to free. It tells nothing of this machine, only what the request says itself, cleaned and cut. NULL when
 * out of memory. */
char *misfit_host(const struct http_request *request);
char *misfit_origin(const struct http_request *request);

/* The same without what the request says; static. */
extern const char MISFIT_HOST[], MISFIT_ORIGIN[];
