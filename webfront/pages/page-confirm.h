/* The page that asks whether a press is meant. */
#pragma once

#include <stddef.h>

#include "common/rpc/wire.h"
#include "webfront/pages/page.h"

/* Of the unit that restarter.status told about, and one of common/verb.h. In it stands PAGE_PRESS_FIELD
 * (page-list.h) once. The caller's to free; NULL when out of memory. */
char *page_confirm(const struct page_site *site, const struct wire_status *status, unsigned verb,
                   size_t *ret_size);
