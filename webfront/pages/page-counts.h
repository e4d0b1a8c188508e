/* How many units of a list there are in each state, each with a link to those. */
#pragma once

#include <stdint.h>

#include "common/rpc/wire-list-options.h"
#include "common/rpc/wire.h"
#include "webfront/pages/html.h"

enum { PAGE_NUMBER_SIZE = 32 /* of a number with its thousands apart */ };

/* "2,406". Returns `ret`. */
const char *page_format_number(enum language language, uint64_t number, char ret[static PAGE_NUMBER_SIZE]);
/* All that whoever asks sees. */
uint64_t page_count_all(const struct wire_list *listing);
/* `part` is what is shown of it. */
void page_write_counts(struct html *html, const struct wire_list *listing,
                       const struct wire_list_options *part);
