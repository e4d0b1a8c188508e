/* An array of what wire-names.h has one of. */
#include "common/rpc/wire-signatures.h"

#include <stdlib.h>

xmlrpc_value *wire_signatures_value(const struct wire_signatures *signatures)
{
    xmlrpc_value *array = rpc_array_new();

    for (size_t i = 0; array && i < signatures->n; i++)
        if (!rpc_array_append(array, wire_names_value(&signatures->items[i]))) {
            xmlrpc_DECREF(array);
            return NULL;
        }
    return array;
}

static bool read_signature(xmlrpc_value *array, size_t i, struct wire_names *ret)
{
    xmlrpc_value *item = rpc_array_item(array, (unsigned)i);
    bool good = item && wire_names_read(item, WIRE_TYPES_MAX, ret);

    if (item)
        xmlrpc_DECREF(item);
    return good;
}

bool wire_signatures_read(xmlrpc_value *array, struct wire_signatures *signatures)
{
    unsigned n = rpc_array_size(array);

    if (xmlrpc_value_type(array) != XMLRPC_TYPE_ARRAY || n > WIRE_SIGNATURES_MAX)
        return false;
    signatures->items = calloc(n + 1, sizeof(*signatures->items));
    if (!signatures->items)
        return false;
    for (; signatures->n < n; signatures->n++)
        if (!read_signature(array, signatures->n, &signatures->items[signatures->n])) {
            wire_names_free(&signatures->items[signatures->n]);
            return false;
        }
    return true;
}

void wire_signatures_free(struct wire_signatures *signatures)
{
    for (size_t i = 0; i < signatures->n; i++)
        wire_names_free(&signatures->items[i]);
    free(signatures->items);
}
