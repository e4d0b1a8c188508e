/* The arrays of structs in answers, by tables as their fields are (wire-fields.h): a list's instances, the
 * grants of somebody. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "common/rpc/wire-fields.h"

struct wire_items {
    const char *name; /* of the member that is the array */
    const struct wire_field *fields;
    size_t n_fields;
    size_t size; /* bytes of an item */
    size_t max;  /* items of one that is received */
    /* In the struct that has the array: the pointer to the items, and a size_t for how many there are. */
    size_t items_offset, n_offset;
    /* There too, a bool that says that what came was cut at `max`; 0, which no such bool has: more than that
     * makes no sense. */
    size_t cut_offset;
};

/* Adds the array of `from` to the struct. */
void wire_items_add(const struct wire_items *items, const void *from, struct rpc_struct *s);

/* Fills the array of `to`, which is all zero there. False as of wire_fields_read(): to be freed as on
 * success. */
bool wire_items_read(const struct wire_items *items, xmlrpc_value *value, void *to);

/* Frees what was read. */
void wire_items_free(const struct wire_items *items, void *of);
