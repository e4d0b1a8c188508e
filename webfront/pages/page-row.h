/* A row of the list. */
#pragma once

#include "common/rpc/wire.h"
#include "webfront/pages/html.h"

enum {
    PAGE_ISO_SIZE = 32,
    PAGE_CLOCK_SIZE = 32,
};

void page_write_row(struct html *html, const struct wire_instance *instance);

/* A time, for a program and for a person without the script; both "" when it is none. */
void page_format_time(uint64_t seconds, char ret_iso[static PAGE_ISO_SIZE],
                      char ret_clock[static PAGE_CLOCK_SIZE]);
