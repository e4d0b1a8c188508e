/* Parameters and members for tests that play the other side, honest or not: built and read without the
 * structs of common/rpc/wire.h. */
#pragma once

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "common/rpc/rpc.h"

static inline xmlrpc_value *rpc_params_none(void)
{
    return rpc_array_new();
}

static inline xmlrpc_value *rpc_params_string(const char *text)
{
    xmlrpc_value *array = rpc_array_new();

    (void)rpc_array_append(array, rpc_string_new(text));
    return array;
}

static inline bool rpc_get_string(xmlrpc_value *s, const char *key, char **ret)
{
    xmlrpc_value *value = rpc_get(s, key);
    bool good = value && rpc_read_string(value, ret);

    if (value)
        xmlrpc_DECREF(value);
    return good;
}

static inline bool rpc_get_int(xmlrpc_value *s, const char *key, int *ret)
{
    xmlrpc_value *value = rpc_get(s, key);
    bool good = value && rpc_read_int(value, ret);

    if (value)
        xmlrpc_DECREF(value);
    return good;
}

static inline bool rpc_get_bool(xmlrpc_value *s, const char *key, bool *ret)
{
    xmlrpc_value *value = rpc_get(s, key);
    bool good = value && rpc_read_bool(value, ret);

    if (value)
        xmlrpc_DECREF(value);
    return good;
}
