/* What was done from here: a list of it, for a unit's page or a day's. */
#pragma once

#include <stdbool.h>

#include "common/rpc/wire.h"
#include "webfront/pages/html.h"

struct page_past {
    const struct wire_past *past; /* NULL: there is none to show, and */
    const char *problem;          /* that is why */
    bool with_units;              /* it is of more than one, and each is named */
    size_t most;                  /* so many of them are shown; 0: all */
};

/* A struct page_past, as a part of a page. */
void page_write_past(struct html *html, const void *data);
