/* A section of the list's page: one of the other machines, with its headline, its counts, its rows, and for
 * how long nobody has answered there. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "common/rpc/wire-list-options.h"
#include "common/rpc/wire.h"
#include "webfront/pages/page.h"

enum {
    PAGE_MACHINE_ROWS = 20, /* of a section; the machine's own page has all of them */
};

struct page_machine {
    const char *name;
    const struct wire_list *listing; /* NULL: there is none to show */
    const char *problem;             /* why; NULL: nobody has answered yet */
    uint64_t silent_sec;             /* since an answer; 0: somebody does answer there */
    struct wire_list_options part;   /* that was asked for */
};

/* Which part of its list a section shows, on a page that shows that part of this machine's. */
struct wire_list_options page_machine_part(const struct wire_list_options *part);

/* The section; the caller's to free, and NULL when out of memory. */
char *page_machine(const struct page_site *site, const struct page_machine *machine, size_t *ret_size);
