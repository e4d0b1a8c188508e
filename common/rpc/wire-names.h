/* An array of strings, of a bounded number: an answer of its own, or a member of one. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "common/rpc/rpc.h"

struct wire_names {
    const char **items;
    size_t n;
};

/* NULL when out of memory. */
xmlrpc_value *wire_names_value(const struct wire_names *names);

/* At most `max`; false when there are more, or something else, and *names is to be freed in any case. */
bool wire_names_read(xmlrpc_value *array, size_t max, struct wire_names *names);

void wire_names_free(struct wire_names *names);
