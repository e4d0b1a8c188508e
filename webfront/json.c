/* A last line that has an end is kinder to whoever reads it in a terminal. */
#include "webfront/json.h"

#include <stdio.h>
#include <stdlib.h>

#include "common/cleanup.h"
#include "common/rpc.h"

char *json_text(xmlrpc_value *value, size_t *ret_size)
{
    _cleanup_(freep) char *json = value ? rpc_value_to_json(value) : NULL;
    char *text = NULL;
    int length = json ? asprintf(&text, "%s\n", json) : -1;

    if (length < 0)
        return NULL;
    *ret_size = (size_t)length;
    return text;
}

char *json_text_take(xmlrpc_value *value, size_t *ret_size)
{
    char *text = json_text(value, ret_size);

    if (value)
        xmlrpc_DECREF(value);
    return text;
}
