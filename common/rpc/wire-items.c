/* One item at a time, by the table of its fields. */
#include "common/rpc/wire-items.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

static char *first_item(const struct wire_items *items, const void *of)
{
    char *first;

    memcpy(&first, (const char *)of + items->items_offset, sizeof(first));
    return first;
}

static size_t *count(const struct wire_items *items, const void *of)
{
    return (size_t *)((uintptr_t)of + items->n_offset);
}

/* --- out --- */

static xmlrpc_value *item_value(const struct wire_items *items, const char *item)
{
    struct rpc_struct s = rpc_struct_begin();

    wire_fields_add(items->fields, items->n_fields, item, &s);
    return rpc_struct_end(&s);
}

static xmlrpc_value *array_value(const struct wire_items *items, const void *from)
{
    const char *item = first_item(items, from);
    xmlrpc_value *array = rpc_array_new();

    for (size_t i = 0; array && i < *count(items, from); i++, item += items->size)
        if (!rpc_array_append(array, item_value(items, item))) {
            xmlrpc_DECREF(array);
            return NULL;
        }
    return array;
}

void wire_items_add(const struct wire_items *items, const void *from, struct rpc_struct *s)
{
    rpc_struct_value(s, items->name, array_value(items, from));
}

/* --- in --- */

/* Counts also the one that failed: it may be half full. */
static bool read_array(const struct wire_items *items, xmlrpc_value *array, size_t n, char *to,
                       size_t *ret_count)
{
    bool good = true;

    for (size_t i = 0; good && i < n; i++, to += items->size) {
        xmlrpc_value *item = rpc_array_item(array, (unsigned)i);

        good = item && wire_fields_read(items->fields, items->n_fields, item, to);
        *ret_count = i + 1;
        if (item)
            xmlrpc_DECREF(item);
    }
    return good;
}

static bool read_bounded(const struct wire_items *items, xmlrpc_value *array, void *to)
{
    size_t n = rpc_array_size(array);
    char *room;

    if (xmlrpc_value_type(array) != XMLRPC_TYPE_ARRAY || (n > items->max && items->cut_offset == 0))
        return false;
    if (n > items->max) {
        *(bool *)((char *)to + items->cut_offset) = true;
        n = items->max;
    }
    room = calloc(n + 1, items->size);
    if (!room)
        return false;
    memcpy((char *)to + items->items_offset, &room, sizeof(room));
    return read_array(items, array, n, room, count(items, to));
}

bool wire_items_read(const struct wire_items *items, xmlrpc_value *value, void *to)
{
    xmlrpc_value *array = rpc_get(value, items->name);
    bool good = array && read_bounded(items, array, to);

    if (array)
        xmlrpc_DECREF(array);
    return good;
}

void wire_items_free(const struct wire_items *items, void *of)
{
    char *first = first_item(items, of);

    for (size_t i = 0; i < *count(items, of); i++)
        wire_fields_free(items->fields, items->n_fields, first + i * items->size);
    free(first);
}
