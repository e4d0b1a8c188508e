/* The page with the list of instances: all of it, and the parts of it that change while it is open. */
#pragma once

#include <stddef.h>
#include <time.h>

#include "common/rpc/wire-list-options.h"
#include "common/rpc/wire.h"
#include "webfront/pages/page.h"

enum {
    PAGE_LIST_ROWS = 50, /* of one page */
};

/* Stands in the list's page where each request has a press of its own (form.h), once for each form; the
 * asterisks are its place. */
#define PAGE_PRESS_FIELD "<input type=\"hidden\" name=\"press\" value=\"***************************\">"

struct page_list {
    const struct wire_list *listing; /* NULL: there is none to show; `problem` says why */
    const char *problem;             /* NULL otherwise */
    struct wire_list_options part;   /* that was asked for */
    const struct wire_past *past;    /* of the one unit that there is; NULL: there is none to show */
    const char *past_problem;        /* and that is why; NULL: it was not asked for */
    const char *here;                /* what this machine is called beside others; NULL: there are none */
    /* Writes the sections of the others, as `machines` has them; NULL likewise. */
    void (*write_machines)(struct html *html, const void *machines);
    const void *machines;
    time_t now;
};

/* All are the caller's to free; NULL when out of memory. */
char *page_list(const struct page_site *site, const struct page_list *list, size_t *ret_size);
/* What stands around the rows and goes with them: elements of the page with the same ids, #banners, #counts,
 * #empty and #pages. */
char *page_list_frame(const struct page_site *site, const struct page_list *list, size_t *ret_size);
/* One row, as it stands in the page. */
char *page_list_row(const struct page_site *site, const struct wire_instance *instance, size_t *ret_size);
