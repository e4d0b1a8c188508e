/* The page of one unit: how it is and why, what it logged, what was done to it from here, and its buttons. */
#pragma once

#include <stddef.h>

#include "common/rpc/wire.h"
#include "webfront/pages/page.h"

struct page_instance {
    const struct wire_status *status;
    const struct wire_past *past;   /* NULL: */
    const char *past_problem;       /* that is why; both NULL: nothing is said of it */
    const struct wire_lines *lines; /* the same */
    const char *lines_problem;
};

/* In it stands PAGE_PRESS_FIELD (page-list.h) for each of its forms. The caller's to free; NULL when out of
 * memory. */
char *page_instance(const struct page_site *site, const struct page_instance *instance, size_t *ret_size);
