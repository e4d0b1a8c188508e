/* The query of the list's address: ?q=TEXT&state=WORD&page=N, each of them or none. */
#pragma once

#include "common/rpc/wire-list-options.h"

enum {
    PAGE_QUERY_E_TOO_LONG = 1, /* a search that is longer than WIRE_FILTER_MAX */
};

/* 0, or that outcome. Otherwise what makes no sense there is as if it were not there: links from elsewhere
 * add things of their own. `rows` is how many a page has. */
int page_query_read(const char *query, int rows, struct wire_list_options *ret);
