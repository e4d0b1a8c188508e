/* One after the other. */
#include "common/rpc/wire-names.h"

#include <stdlib.h>

xmlrpc_value *wire_names_value(const struct wire_names *names)
{
    xmlrpc_value *array = rpc_array_new();

    for (size_t i = 0; array && i < names->n; i++)
        if (!rpc_array_append(array, rpc_string_new(names->items[i]))) {
            xmlrpc_DECREF(array);
            return NULL;
        }
    return array;
}

static bool read_name(xmlrpc_value *array, size_t i, char **ret)
{
    xmlrpc_value *item = rpc_array_item(array, (unsigned)i);
    bool good = item && rpc_read_string(item, ret);

    if (item)
        xmlrpc_DECREF(item);
    return good;
}

bool wire_names_read(xmlrpc_value *array, size_t max, struct wire_names *names)
{
    unsigned n = rpc_array_size(array);

    if (xmlrpc_value_type(array) != XMLRPC_TYPE_ARRAY || n > max)
        return false;
    names->items = calloc(n + 1, sizeof(*names->items));
    if (!names->items)
        return false;
    for (; names->n < n; names->n++)
        if (!read_name(array, names->n, (char **)names->items + names->n))
            return false;
    return true;
}

void wire_names_free(struct wire_names *names)
{
    for (size_t i = 0; i < names->n; i++)
        free((char *)names->items[i]);
    free(names->items);
}
