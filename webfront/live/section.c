/* It has no id: the one that a page names when it comes back is of this machine's list. */
#include "webfront/live/section.h"

#include <string.h>

#include "common/cleanup.h"
#include "webfront/live/event.h"
#include "webfront/pages/page-machine.h"

struct http_piece *section_event(const struct page_site *site, const struct wire_list_options *part,
                                 const struct wire_list *listing, const char *problem, uint64_t silent_sec)
{
    const struct page_machine machine = {
        .name = site->far,
        .listing = listing,
        .problem = problem,
        .silent_sec = silent_sec,
        .part = *part,
    };
    size_t size = 0;
    _cleanup_(freep) char *text = page_machine(site, &machine, &size);

    return text ? event_new("machine", NULL, text, size) : NULL;
}

bool section_same(const struct http_piece *a, const struct http_piece *b)
{
    return http_piece_size(a) == http_piece_size(b) &&
           memcmp(http_piece_bytes(a), http_piece_bytes(b), http_piece_size(a)) == 0;
}
