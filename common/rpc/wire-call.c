/* One way in and one way out for calls. */
#include "common/rpc/wire-call.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/cleanup.h"
#include "common/rpc/wire-options.h"

#define WORD_ALPHABET "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-"

void wire_call_done(struct wire_call *call)
{
    free(call->unit);
    for (size_t i = 0; i < call->n_parts; i++)
        wire_call_done(&call->parts[i].call);
    free(call->parts);
    *call = (struct wire_call){ 0 };
}

bool wire_cursor_valid(const char *cursor)
{
    size_t n = strspn(cursor, WORD_ALPHABET);

    return n <= WIRE_CURSOR_MAX && cursor[n] == '\0';
}

bool wire_press_valid(const char *press)
{
    size_t n = strspn(press, WORD_ALPHABET);

    return n >= WIRE_PRESS_MIN && n <= WIRE_PRESS_MAX && press[n] == '\0';
}

/* --- in --- */

static bool read_settle(xmlrpc_value *value, void *to)
{
    struct wire_call *call = to;

    call->has_settle =
        rpc_read_int(value, &call->settle) && call->settle >= 0 && call->settle <= WIRE_SETTLE_MAX;
    return call->has_settle;
}

static bool read_press(xmlrpc_value *value, void *to)
{
    struct wire_call *call = to;
    _cleanup_(freep) char *press = NULL;

    if (!rpc_read_string(value, &press) || !wire_press_valid(press))
        return false;
    (void)stpcpy(call->press, press);
    return true;
}

static bool read_reason(xmlrpc_value *value, void *to)
{
    struct wire_call *call = to;
    _cleanup_(freep) char *reason = rpc_read_any_string(value);

    return reason && reason_clean(reason, call->reason) == 0;
}

static bool read_machine(xmlrpc_value *value, void *to)
{
    struct wire_call *call = to;

    return wire_option_machine(value, call->machine);
}

static const struct wire_option OPTIONS[] = {
    { "settle", read_settle },
    { "press", read_press },
    { "reason", read_reason },
    { "machine", read_machine },
};

static bool read_options(xmlrpc_value *options, void *to)
{
    return wire_options_read(OPTIONS, sizeof(OPTIONS) / sizeof(*OPTIONS), options, to);
}

/* Of what only reads: where. */
static bool read_where(xmlrpc_value *options, void *to)
{
    static const struct wire_option WHERE[] = { { "machine", read_machine } };

    return wire_options_read(WHERE, sizeof(WHERE) / sizeof(*WHERE), options, to);
}

static bool read_list_options(xmlrpc_value *options, void *to)
{
    struct wire_call *call = to;

    return wire_list_options_read(options, &call->list, call->machine);
}

static bool read_item(xmlrpc_value *params, unsigned i, bool (*read)(xmlrpc_value *, void *),
                      struct wire_call *call)
{
    xmlrpc_value *item = rpc_array_item(params, i);
    bool good = item && read(item, call);

    if (item)
        xmlrpc_DECREF(item);
    return good;
}

/* One of the first kind, and perhaps one of the second. */
static bool read_with_options(xmlrpc_value *params, bool (*read)(xmlrpc_value *, void *),
                              bool (*read_second)(xmlrpc_value *, void *), struct wire_call *call)
{
    unsigned n = rpc_array_size(params);

    return (n == 1 || n == 2) && read_item(params, 0, read, call) &&
           (n == 1 || read_item(params, 1, read_second, call));
}

static bool read_unit(xmlrpc_value *value, void *to)
{
    struct wire_call *call = to;

    call->unit = rpc_read_any_string(value);
    return call->unit;
}

/* Some clients send what looks like a number as one. What zeros it began with, it does not tell. */
static bool read_id(xmlrpc_value *value, void *to)
{
    struct wire_call *call = to;
    int number;

    if (!rpc_read_int(value, &number))
        return read_unit(value, to);
    return asprintf(&call->unit, "%d", number) >= 0 || (call->unit = NULL, false);
}

static bool read_about(xmlrpc_value *value, void *to)
{
    struct wire_call *call = to;
    _cleanup_(freep) char *name = rpc_read_any_string(value);

    call->about = name ? wire_method_find(name) : NULL;
    return call->about;
}

static bool read_cursor(xmlrpc_value *value, void *to)
{
    struct wire_call *call = to;
    _cleanup_(freep) char *cursor = NULL;

    if (!rpc_read_string(value, &cursor) || !wire_cursor_valid(cursor))
        return false;
    (void)stpcpy(call->cursor, cursor);
    return true;
}

static bool read_seconds(xmlrpc_value *value, void *to)
{
    struct wire_call *call = to;

    return rpc_read_int(value, &call->seconds) && call->seconds >= 0 && call->seconds <= WIRE_WAIT_MAX;
}

static bool read_parts(xmlrpc_value *array, void *to);

static bool read_params(xmlrpc_value *params, struct wire_call *call)
{
    unsigned n = rpc_array_size(params);

    switch (call->method->params) {
    case WIRE_PARAMS_NONE:
        return n == 0;
    case WIRE_PARAMS_UNIT:
        return read_with_options(params, read_unit, read_where, call);
    case WIRE_PARAMS_ID:
        return n == 1 && read_item(params, 0, read_id, call);
    case WIRE_PARAMS_PRESS:
        return read_with_options(params, read_press, read_where, call);
    case WIRE_PARAMS_OPTIONS:
        return read_with_options(params, read_unit, read_options, call);
    case WIRE_PARAMS_LIST:
        return n == 0 || (n == 1 && read_item(params, 0, read_list_options, call));
    case WIRE_PARAMS_METHOD:
        return n == 1 && read_item(params, 0, read_about, call);
    case WIRE_PARAMS_PARTS:
        return n == 1 && read_item(params, 0, read_parts, call);
    case WIRE_PARAMS_CHANGES:
        return n == 2 && read_item(params, 0, read_cursor, call) && read_item(params, 1, read_seconds, call);
    default:
        return false;
    }
}

static int complain(int fault, const char *what, char ret_reason[static WIRE_REASON_SIZE])
{
    (void)snprintf(ret_reason, WIRE_REASON_SIZE, "%s", what);
    return fault;
}

/* Both are the call's. 0 or a fault, as wire_call_parse(); the call is to be ended in any case. */
static int read_call(const char *method, xmlrpc_value *params, struct wire_call *call,
                     char ret_reason[static WIRE_REASON_SIZE])
{
    call->method = wire_method_find(method);
    if (!call->method)
        return complain(RPC_FAULT_METHOD, "There is no such method; system.listMethods names them.",
                        ret_reason);
    if (!read_params(params, call))
        return complain(RPC_FAULT_PARAMS, call->method->usage, ret_reason);
    return 0;
}

/* --- calls in a call --- */

/* False for what is no struct of these two; the caller's, both. */
static bool take_apart(xmlrpc_value *value, char **ret_method, xmlrpc_value **ret_params)
{
    xmlrpc_value *method = rpc_get(value, "methodName"), *params = rpc_get(value, "params");
    bool good = method && params && rpc_struct_size(value) == 2 &&
                xmlrpc_value_type(params) == XMLRPC_TYPE_ARRAY && rpc_read_string(method, ret_method);

    if (method)
        xmlrpc_DECREF(method);
    if (good)
        *ret_params = params;
    else if (params)
        xmlrpc_DECREF(params);
    return good;
}

/* Looked at before its parameters: what may be in a multicall is no longer than one message, but that is no
 * bound on how deep they lie in one another. */
static int refuse_part(const char *method, char ret_reason[static WIRE_REASON_SIZE])
{
    if (strcmp(method, WIRE_METHODS[WIRE_METHOD_MULTICALL].name) == 0)
        return complain(RPC_FAULT_REQUEST, "A system.multicall takes no other one in it.", ret_reason);
    if (strcmp(method, WIRE_METHODS[WIRE_METHOD_CHANGES].name) == 0)
        return complain(
            RPC_FAULT_REQUEST,
            "A system.multicall takes no restarter.changes in it, which waits: call it by itself.",
            ret_reason);
    return 0;
}

static void read_part(xmlrpc_value *value, struct wire_part *part)
{
    _cleanup_(freep) char *method = NULL;
    xmlrpc_value *params;

    if (!take_apart(value, &method, &params)) {
        part->fault = complain(RPC_FAULT_REQUEST,
                               "A call in a system.multicall is a struct of methodName (string) and params "
                               "(array), and nothing else.",
                               part->reason);
        return;
    }
    part->fault = refuse_part(method, part->reason);
    if (part->fault == 0)
        part->fault = read_call(method, params, &part->call, part->reason);
    xmlrpc_DECREF(params);
    if (part->fault != 0)
        wire_call_done(&part->call);
}

static bool read_parts(xmlrpc_value *array, void *to)
{
    struct wire_call *call = to;
    unsigned n = rpc_array_size(array);

    if (xmlrpc_value_type(array) != XMLRPC_TYPE_ARRAY || n > WIRE_PARTS_MAX)
        return false;
    call->parts = calloc(n + 1, sizeof(*call->parts));
    for (; call->parts && call->n_parts < n; call->n_parts++) {
        xmlrpc_value *item = rpc_array_item(array, (unsigned)call->n_parts);

        if (!item)
            return false;
        read_part(item, &call->parts[call->n_parts]);
        xmlrpc_DECREF(item);
    }
    return call->parts;
}

/* --- a call --- */

int wire_call_parse(const char *xml, size_t size, struct wire_call *ret,
                    char ret_reason[static WIRE_REASON_SIZE])
{
    _cleanup_(rpc_call_done) struct rpc_call raw = { 0 };
    _cleanup_(wire_call_done) struct wire_call call = { 0 };
    const char *reason = "out of memory";
    int fault;

    if (rpc_call_parse(xml, size, &raw, &reason) != 0) {
        (void)snprintf(ret_reason, WIRE_REASON_SIZE, "The call was not understood: %s.", reason);
        return RPC_FAULT_PARSE;
    }
    fault = read_call(raw.method, raw.params, &call, ret_reason);
    if (fault != 0)
        return fault;
    *ret = call;
    call = (struct wire_call){ 0 };
    return 0;
}

/* --- out --- */

/* NULL when out of memory. */
static xmlrpc_value *options_value(const struct wire_call *call)
{
    struct rpc_struct s = rpc_struct_begin();

    if (call->has_settle)
        rpc_struct_int(&s, "settle", call->settle);
    if (call->press[0])
        rpc_struct_string(&s, "press", call->press);
    if (call->reason[0])
        rpc_struct_string(&s, "reason", call->reason);
    return rpc_struct_end(&s);
}

static bool add_params(xmlrpc_value *params, const struct wire_call *call)
{
    if (call->method->params == WIRE_PARAMS_NONE)
        return true;
    if (call->method->params == WIRE_PARAMS_METHOD)
        return rpc_array_append(params, rpc_string_new(call->about->name));
    if (call->method->params == WIRE_PARAMS_PRESS)
        return rpc_array_append(params, rpc_string_new(call->press));
    if (call->method->params == WIRE_PARAMS_LIST)
        return wire_list_options_empty(&call->list) ||
               rpc_array_append(params, wire_list_options_value(&call->list));
    if (call->method->params == WIRE_PARAMS_CHANGES)
        return rpc_array_append(params, rpc_string_new(call->cursor)) &&
               rpc_array_append(params, rpc_int_new(call->seconds));
    if (!rpc_array_append(params, rpc_string_new(call->unit)))
        return false;
    return (!call->has_settle && !call->press[0] && !call->reason[0]) ||
           rpc_array_append(params, options_value(call));
}

xmlrpc_mem_block *wire_call_encode(const struct wire_call *call)
{
    xmlrpc_value *params = rpc_array_new();
    xmlrpc_mem_block *block = NULL;

    if (params && add_params(params, call))
        block = rpc_call_serialize(call->method->name, params);
    if (params)
        xmlrpc_DECREF(params);
    return block;
}
