/* What became of one request: in a few words, as a block, and as a page. */
#pragma once

#include <stddef.h>

#include "webfront/pages/outcome.h"
#include "webfront/pages/page.h"

enum { PAGE_VERDICT_SIZE = 128 };

/* A few words that are not too many for a row of the list. */
void page_verdict_words(const struct outcome *outcome, enum language language,
                        char ret[static PAGE_VERDICT_SIZE]);
/* One word for style and script: succeeded, watching, failed, refused, unknown. */
const char *page_verdict_name(const struct outcome *outcome);

/* What became of a request. `asked` is the unit or the id that was asked for, or NULL. The
 * caller's to free; NULL when out of memory. */
char *page_outcome(const struct page_site *site, const struct outcome *outcome, const char *asked,
                   size_t *ret_size);

/* The block that says what happened; script.js lifts it out of a whole page. */
void page_write_outcome(struct html *html, const struct outcome *outcome);
