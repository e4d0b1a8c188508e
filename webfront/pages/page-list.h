/* The page with the list of instances. */
#pragma once

#include <stddef.h>
#include <time.h>

#include "common/rpc/wire.h"
#include "webfront/pages/page.h"

/* Stands in the list's page where each request has a press of its own (form.h), once for each form; the
 * asterisks are its place. */
#define PAGE_PRESS_FIELD "<input type=\"hidden\" name=\"press\" value=\"***************************\">"

/* The list. `listing` is NULL when there is none to show; `problem` then says why (NULL otherwise).
 * The caller's to free; NULL when out of memory. */
char *page_list(const struct page_site *site, const struct wire_list *listing, const char *problem,
                time_t now, size_t *ret_size);
