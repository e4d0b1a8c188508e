/* The page with what became of one request. */
#pragma once

#include <stddef.h>

#include "webfront/pages/outcome.h"
#include "webfront/pages/page.h"

/* What became of a request. `asked` is the unit or the id that was asked for, or NULL. The
 * caller's to free; NULL when out of memory. */
char *page_outcome(const struct page_site *site, const struct outcome *outcome, const char *asked,
                   size_t *ret_size);

/* The block that says what happened; script.js lifts it out of a whole page. */
void page_write_outcome(struct html *html, const struct outcome *outcome);
