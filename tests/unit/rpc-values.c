#include "tests/unit/rpc-values.h"

xmlrpc_value *rpc_params_none(void)
{
    return rpc_array_new();
}

xmlrpc_value *rpc_params_string(const char *text)
{
    xmlrpc_value *array = rpc_array_new();

    (void)rpc_array_append(array, rpc_string_new(text));
    return array;
}

bool rpc_get_string(xmlrpc_value *s, const char *key, char **ret)
{
    xmlrpc_value *value = rpc_get(s, key);
    bool good = value && rpc_read_string(value, ret);

    if (value)
        xmlrpc_DECREF(value);
    return good;
}

bool rpc_get_int(xmlrpc_value *s, const char *key, int *ret)
{
    xmlrpc_value *value = rpc_get(s, key);
    bool good = value && rpc_read_int(value, ret);

    if (value)
        xmlrpc_DECREF(value);
    return good;
}

bool rpc_get_bool(xmlrpc_value *s, const char *key, bool *ret)
{
    xmlrpc_value *value = rpc_get(s, key);
    bool good = value && rpc_read_bool(value, ret);

    if (value)
        xmlrpc_DECREF(value);
    return good;
}
