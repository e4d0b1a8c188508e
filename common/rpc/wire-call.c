/* One way in and one way out for calls. */
#include "common/rpc/wire-call.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/cleanup.h"

#define METHOD(name, params, answer, verb, usage)                                                            \
    {                                                                                                        \
        name, params, answer, verb, name " takes " usage                                                     \
    }
#define VERB_METHOD(name, verb)                                                                              \
    METHOD(name, WIRE_PARAMS_OPTIONS, WIRE_RESTART, verb,                                                    \
           "one string, a unit's name or an id like 1234, and perhaps a struct of settle "                   \
           "(int, seconds from 0 to 60) and press (string, 8 to 64 of A-Z a-z 0-9 _ -).")

const struct wire_method WIRE_METHODS[WIRE_METHODS_COUNT] = {
    [WIRE_METHOD_RESTART_UNIT] = METHOD("restart_unit", WIRE_PARAMS_UNIT, WIRE_PLAIN, VERB_RESTART,
                                        "one string: an id like 1234, or a unit's name."),
    [WIRE_METHOD_ALLOWED] = METHOD("restarter.allowed", WIRE_PARAMS_NONE, WIRE_ALLOWED, 0, "no parameters."),
    [WIRE_METHOD_LIST] = METHOD("restarter.list", WIRE_PARAMS_NONE, WIRE_LIST, 0, "no parameters."),
    [WIRE_METHOD_RELOAD] = VERB_METHOD("restarter.reload", VERB_RELOAD),
    [WIRE_METHOD_RELOAD_OR_RESTART] = VERB_METHOD("restarter.reload_or_restart", VERB_RELOAD_OR_RESTART),
    [WIRE_METHOD_RESTART] = VERB_METHOD("restarter.restart", VERB_RESTART),
    [WIRE_METHOD_STATUS] = METHOD("restarter.status", WIRE_PARAMS_UNIT, WIRE_STATUS, 0,
                                  "one string: a unit's name, or an id like 1234."),
    [WIRE_METHOD_TRY_RESTART] = VERB_METHOD("restarter.try_restart", VERB_TRY_RESTART),
    [WIRE_METHOD_LIST_METHODS] =
        METHOD("system.listMethods", WIRE_PARAMS_NONE, WIRE_NAMES, 0, "no parameters."),
};

const struct wire_method *wire_method_find(const char *name)
{
    for (size_t i = 0; i < WIRE_METHODS_COUNT; i++)
        if (strcmp(WIRE_METHODS[i].name, name) == 0)
            return &WIRE_METHODS[i];
    return NULL;
}

const struct wire_method *wire_method_of_verb(unsigned verb)
{
    const struct wire_method *method = WIRE_METHODS;

    while (method->verb != verb || method->answer != WIRE_RESTART) {
        method++;
        assert(method < WIRE_METHODS + WIRE_METHODS_COUNT);
    }
    return method;
}

void wire_call_done(struct wire_call *call)
{
    free(call->unit);
    *call = (struct wire_call){ 0 };
}

bool wire_press_valid(const char *press)
{
    size_t n = strspn(press, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-");

    return n >= WIRE_PRESS_MIN && n <= WIRE_PRESS_MAX && press[n] == '\0';
}

/* --- in --- */

static bool read_settle(xmlrpc_value *value, struct wire_call *call)
{
    call->has_settle =
        rpc_read_int(value, &call->settle) && call->settle >= 0 && call->settle <= WIRE_SETTLE_MAX;
    return call->has_settle;
}

static bool read_press(xmlrpc_value *value, struct wire_call *call)
{
    _cleanup_(freep) char *press = NULL;

    if (!rpc_read_string(value, &press) || !wire_press_valid(press))
        return false;
    (void)stpcpy(call->press, press);
    return true;
}

static const struct option {
    const char *name;
    bool (*read)(xmlrpc_value *value, struct wire_call *call);
} OPTIONS[] = {
    { "settle", read_settle },
    { "press", read_press },
};

/* One that is not known here may be one without which nothing should be done. */
static bool read_options(xmlrpc_value *options, struct wire_call *call)
{
    unsigned known = 0;
    bool good = xmlrpc_value_type(options) == XMLRPC_TYPE_STRUCT;

    for (size_t i = 0; good && i < sizeof(OPTIONS) / sizeof(*OPTIONS); i++) {
        xmlrpc_value *value = rpc_get(options, OPTIONS[i].name);

        if (!value)
            continue;
        known++;
        good = OPTIONS[i].read(value, call);
        xmlrpc_DECREF(value);
    }
    return good && rpc_struct_size(options) == known;
}

static bool read_item(xmlrpc_value *params, unsigned i, bool (*read)(xmlrpc_value *, struct wire_call *),
                      struct wire_call *call)
{
    xmlrpc_value *item = rpc_array_item(params, i);
    bool good = item && read(item, call);

    if (item)
        xmlrpc_DECREF(item);
    return good;
}

static bool read_unit(xmlrpc_value *value, struct wire_call *call)
{
    call->unit = rpc_read_any_string(value);
    return call->unit;
}

static bool read_params(xmlrpc_value *params, struct wire_call *call)
{
    unsigned n = rpc_array_size(params);

    switch (call->method->params) {
    case WIRE_PARAMS_NONE:
        return n == 0;
    case WIRE_PARAMS_UNIT:
        return n == 1 && read_item(params, 0, read_unit, call);
    case WIRE_PARAMS_OPTIONS:
        return (n == 1 || n == 2) && read_item(params, 0, read_unit, call) &&
               (n == 1 || read_item(params, 1, read_options, call));
    default:
        return false;
    }
}

int wire_call_parse(const char *xml, size_t size, struct wire_call *ret,
                    char ret_reason[static WIRE_REASON_SIZE])
{
    _cleanup_(rpc_call_done) struct rpc_call raw = { 0 };
    _cleanup_(wire_call_done) struct wire_call call = { 0 };
    const char *reason = "out of memory";

    if (rpc_call_parse(xml, size, &raw, &reason) != 0) {
        (void)snprintf(ret_reason, WIRE_REASON_SIZE, "The call was not understood: %s.", reason);
        return RPC_FAULT_PARSE;
    }
    call.method = wire_method_find(raw.method);
    if (!call.method) {
        (void)snprintf(ret_reason, WIRE_REASON_SIZE,
                       "There is no such method; system.listMethods names them.");
        return RPC_FAULT_METHOD;
    }
    if (!read_params(raw.params, &call)) {
        (void)snprintf(ret_reason, WIRE_REASON_SIZE, "%s", call.method->usage);
        return RPC_FAULT_PARAMS;
    }
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
    return rpc_struct_end(&s);
}

static bool add_params(xmlrpc_value *params, const struct wire_call *call)
{
    if (call->method->params == WIRE_PARAMS_NONE)
        return true;
    if (!rpc_array_append(params, rpc_string_new(call->unit)))
        return false;
    return (!call->has_settle && !call->press[0]) || rpc_array_append(params, options_value(call));
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
