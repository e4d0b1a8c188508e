/* What an open page is told of another machine: its section, whole (pages/page-machine.h). */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "common/http/http-stream.h"
#include "common/rpc/wire-list-options.h"
#include "common/rpc/wire.h"
#include "webfront/pages/page.h"

/* With these rows; or, without, what is wrong, or (`silent_sec` is not 0) for how long nobody has answered.
 * NULL when out of memory. */
struct http_piece *section_event(const struct page_site *site, const struct wire_list_options *part,
                                 const struct wire_list *listing, const char *problem, uint64_t silent_sec);
bool section_same(const struct http_piece *a, const struct http_piece *b);
