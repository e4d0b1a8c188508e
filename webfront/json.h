/* Values as JSON for programs. */
#pragma once

#include <stddef.h>
#include <xmlrpc-c/base.h>

/* The value as JSON text that ends with a newline, the caller's to free; NULL when out of memory or without a
 * value. */
char *json_text(xmlrpc_value *value, size_t *ret_size);

/* The same, taking the value over. */
char *json_text_take(xmlrpc_value *value, size_t *ret_size);
