/* The page of one day: all that was done from here, for who looks after the machine. */
#pragma once

#include <stddef.h>

#include "common/rpc/wire.h"
#include "webfront/pages/page.h"

/* `day` is "2026-11-22", or "" for today's. The caller's to free; NULL when out of memory. */
char *page_day(const struct page_site *site, const char *day, const struct wire_past *past, size_t *ret_size);
