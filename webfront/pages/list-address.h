/* The address of a part of the list, as its page's links have it; requests/page-query.h reads it. */
#pragma once

#include "common/rpc/wire-list-options.h"

enum {
    LIST_ADDRESS_SIZE = 3 * WIRE_FILTER_MAX + 64 + 3 * 64,
};

/* Page `page`, from 1, of what that filter and that state leave; of that machine, or of this one (NULL).
 * Returns `ret`. */
const char *list_address(const char *machine, const char *filter, enum unit_group state, unsigned page,
                         char ret[static LIST_ADDRESS_SIZE]);
