/* The table, and what is common to its handlers. */
#include "broker/methods.h"

#include <string.h>

#include "broker/broker.h"
#include "broker/request.h"
#include "broker/sentence.h"
#include "common/cleanup.h"
#include "common/rpc.h"

/* As long as a call can be, so that a name that is too long is told so. */
enum { ID_MAX = RPC_CALL_MAX };

static void method_list(struct request *request, _unused_ xmlrpc_value *params)
{
    lister_ask(request->broker->lister, request);
}

static void method_list_methods(struct request *request, xmlrpc_value *params);

static const struct method METHODS[] = {
    { "restart_unit", 1, 0, "restart_unit takes one string: an id like 1234, or a unit's name.",
      method_restart_unit },
    { "restarter.list", 0, 0, "restarter.list takes no parameters.", method_list },
    { "restarter.restart", 1, 1,
      "restarter.restart takes one string, a unit's name or an id like 1234, and perhaps a struct with "
      "settle "
      "(an int, 0 to 60 seconds) and press (a string, 8 to 64 of A-Z a-z 0-9 _ -).",
      method_restart },
    { "restarter.status", 1, 0, "restarter.status takes one string: a unit's name, or an id like 1234.",
      method_status },
    { "system.listMethods", 0, 0, "system.listMethods takes no parameters.", method_list_methods },
};

#define N_METHODS (sizeof(METHODS) / sizeof(*METHODS))

static void method_list_methods(struct request *request, _unused_ xmlrpc_value *params)
{
    xmlrpc_value *names = rpc_array_new();
    bool whole = names;

    for (size_t i = 0; whole && i < N_METHODS; i++)
        whole = rpc_array_append(names, rpc_string_new(METHODS[i].name));
    if (names && !whole) {
        xmlrpc_DECREF(names);
        names = NULL;
    }
    request_answer(request, names, 0);
}

const struct method *method_find(const char *name)
{
    for (size_t i = 0; i < N_METHODS; i++)
        if (strcmp(METHODS[i].name, name) == 0)
            return &METHODS[i];
    return NULL;
}

static bool is_string(xmlrpc_value *params)
{
    xmlrpc_value *item = rpc_array_item(params, 0);
    bool result = item && xmlrpc_value_type(item) == XMLRPC_TYPE_STRING;

    if (item)
        xmlrpc_DECREF(item);
    return result;
}

int method_target(const struct request *request, xmlrpc_value *params, struct target *ret,
                  struct outcome *ret_outcome)
{
    _cleanup_(freep) char *id = NULL;
    const struct broker *broker = request->broker;
    const struct target_rules rules = {
        .policy = broker->policy,
        .error = broker->policy_error,
        .path = broker->policy_path,
    };

    if (!is_string(params))
        return METHOD_E_PARAMS;
    /* A string that is not read has bytes in it that no name has. */
    if (!rpc_params_string_at(params, 0, ID_MAX, &id)) {
        sentence_name(ret_outcome, UNIT_NAME_E_INVALID);
        return METHOD_E_REFUSED;
    }
    return target_resolve(&rules, id, VERB_RESTART, ret, ret_outcome) ? 0 : METHOD_E_REFUSED;
}
