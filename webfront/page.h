/* The pages: the list of listing, and what became of one request. Pure text out of plain data. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <time.h>

#include "common/wire.h"
#include "webfront/outcome.h"

/* What every page says of the place it comes from. */
struct page_site {
    const char *machine; /* host name: under stress it matters which machine one is about to touch */
    unsigned patience;   /* seconds that the script waits for an outcome: above the web front's own */
    bool foreign; /* asked for under a host name that is none of ours: no links, they would fail again */
};

/* Stands in the list's page where each request has a press of its own (press.h), once for each form; the
 * asterisks are its place. */
#define PAGE_PRESS_FIELD "<input type=\"hidden\" name=\"press\" value=\"***************************\">"

/* The list. `listing` is NULL when there is none to show; `problem` then says why (NULL otherwise).
 * Both functions: the caller's to free, NULL when out of memory. */
char *page_list(const struct page_site *site, const struct wire_list *listing, const char *problem,
                time_t now, size_t *ret_size);

/* What became of a request. `name` is the instance that was asked for, as far as it is known, or NULL. */
char *page_outcome(const struct page_site *site, const struct outcome *outcome, const char *name,
                   size_t *ret_size);
