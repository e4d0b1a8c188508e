/* Events as a browser's EventSource reads them (HTML, "Server-sent events"), made once for all who are sent
 * them. */
#pragma once

#include <stddef.h>

#include "common/http/http-stream.h"

/* One event: `id` may be NULL. Each line of the data, wherever it comes from, is marked as such: nothing in
 * it can begin another event. NULL when out of memory. */
struct http_piece *event_new(const char *kind, const char *id, const char *data, size_t size);

/* Nothing that a page would see: it keeps whoever is between from closing a connection on which nothing is
 * said. */
struct http_piece *event_new_beat(void);
