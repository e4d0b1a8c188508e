#include "tests/unit/multicall-values.h"

#include <stdlib.h>
#include <string.h>

#include "tests/unit/rpc-values.h"
#include "tests/unit/test.h"

xmlrpc_value *multicall_new(void)
{
    xmlrpc_value *params = rpc_array_new();

    assert_true(rpc_array_append(params, rpc_array_new()));
    return params;
}

void multicall_add(xmlrpc_value *params, xmlrpc_value *item)
{
    xmlrpc_value *calls = rpc_array_item(params, 0);

    assert_true(rpc_array_append(calls, item));
    xmlrpc_DECREF(calls);
}

void multicall_call(xmlrpc_value *params, const char *method, const char *parameter)
{
    struct rpc_struct s = rpc_struct_begin();

    rpc_struct_string(&s, "methodName", method);
    rpc_struct_value(&s, "params", parameter ? rpc_params_string(parameter) : rpc_params_none());
    multicall_add(params, rpc_struct_end(&s));
}

static xmlrpc_value *borrow(xmlrpc_value *array, unsigned i)
{
    xmlrpc_value *item = rpc_array_item(array, i);

    assert_non_null(item);
    xmlrpc_DECREF(item);
    return item;
}

xmlrpc_value *multicall_value(xmlrpc_value *answer, unsigned i)
{
    xmlrpc_value *item = borrow(answer, i);

    assert_int_equal(xmlrpc_value_type(item), XMLRPC_TYPE_ARRAY);
    assert_int_equal(rpc_array_size(item), 1);
    return borrow(item, 0);
}

int multicall_fault(xmlrpc_value *answer, unsigned i, const char *text)
{
    xmlrpc_value *item = borrow(answer, i);
    char *sentence = NULL;
    int code = 0;

    if (xmlrpc_value_type(item) == XMLRPC_TYPE_ARRAY)
        return 0;
    assert_int_equal(rpc_struct_size(item), 2);
    assert_true(rpc_get_int(item, "faultCode", &code));
    assert_true(rpc_get_string(item, "faultString", &sentence));
    assert_true(code != 0 && strlen(sentence) > 10 && sentence[strlen(sentence) - 1] == '.');
    if (text && !strstr(sentence, text))
        fail_msg("\"%s\" does not say \"%s\"", sentence, text);
    free(sentence);
    return code;
}
