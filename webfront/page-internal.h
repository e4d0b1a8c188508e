/* Shared by the files that write pages; nobody else includes it. */
#pragma once

#include "webfront/html.h"
#include "webfront/page.h"

/* <head>, the page's header and the opening of <main>; `title` may be followed by a name. */
void page_begin(struct html *html, const struct page_site *site, const char *title, const char *name);
void page_end(struct html *html, const struct page_site *site);

enum { PAGE_VERDICT_SIZE = 96 };

/* A few words that are not too many for a row of the list. */
void page_verdict_words(const struct outcome *outcome, char ret[static PAGE_VERDICT_SIZE]);
/* One word for style and script: succeeded, watching, failed, refused, unknown. */
const char *page_verdict_name(const struct outcome *outcome);

/* The block that says what happened; script.js lifts it out of a whole page. */
void page_write_outcome(struct html *html, const struct outcome *outcome);
