/* The frame of every page, around pure text out of plain data. */
#pragma once

#include <stdbool.h>

#include "webfront/pages/html.h"

/* What every page says of the place it comes from. */
struct page_site {
    const char *machine; /* host name: under stress it matters which machine one is about to touch */
    unsigned patience;   /* seconds that the script waits for an outcome: above the web front's own */
    bool foreign; /* asked for under a host name that is none of ours: no links, they would fail again */
};

/* <head>, the page's header and the opening of <main>; `title` may be followed by a name. */
void page_begin(struct html *html, const struct page_site *site, const char *title, const char *name);
void page_end(struct html *html, const struct page_site *site);
