/* What a method takes and gives, in XML-RPC's types: for each way to call it the type of its answer, then
 * those of its parameters (http://xmlrpc-c.sourceforge.net/xmlrpc-c/introspection.html). */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "common/rpc/rpc.h"
#include "common/rpc/wire-names.h"

enum {
    WIRE_SIGNATURES_MAX = 8, /* of a method */
    WIRE_TYPES_MAX = 8,      /* of a signature */
};

struct wire_signatures {
    struct wire_names *items;
    size_t n;
};

/* An array of arrays of strings. NULL when out of memory. */
xmlrpc_value *wire_signatures_value(const struct wire_signatures *signatures);

/* False for something else, and for more than the limits; *signatures is to be freed in any case. */
bool wire_signatures_read(xmlrpc_value *array, struct wire_signatures *signatures);

void wire_signatures_free(struct wire_signatures *signatures);
