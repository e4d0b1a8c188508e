/* The table. What takes three lines is handled here. */
#include "broker/calls/methods.h"

#include "broker/calls/list.h"
#include "broker/calls/method-allowed.h"
#include "broker/calls/method-restart.h"
#include "broker/calls/method-status.h"
#include "broker/calls/request.h"
#include "common/cleanup.h"

static void method_list(struct request *request, _unused_ const struct wire_call *call)
{
    lister_ask(request->services->lister, request);
}

static void method_list_methods(struct request *request, _unused_ const struct wire_call *call)
{
    const char *names[WIRE_NAMES_MAX];
    const struct wire_answer answer = {
        .kind = WIRE_NAMES,
        .names = { .items = names, .n = WIRE_METHODS_COUNT },
    };

    for (size_t i = 0; i < WIRE_METHODS_COUNT; i++)
        names[i] = WIRE_METHODS[i].name;
    request_answer(request, &answer, 0);
}

static const struct method METHODS[WIRE_METHODS_COUNT] = {
    [WIRE_METHOD_RESTART_UNIT] = { PLACE_NONE, method_restart },
    [WIRE_METHOD_ALLOWED] = { PLACE_NONE, method_allowed },
    [WIRE_METHOD_LIST] = { PLACE_LIST, method_list },
    [WIRE_METHOD_RELOAD] = { PLACE_NONE, method_restart },
    [WIRE_METHOD_RELOAD_OR_RESTART] = { PLACE_NONE, method_restart },
    [WIRE_METHOD_RESTART] = { PLACE_NONE, method_restart },
    [WIRE_METHOD_STATUS] = { PLACE_STATUS, method_status },
    [WIRE_METHOD_TRY_RESTART] = { PLACE_NONE, method_restart },
    [WIRE_METHOD_LIST_METHODS] = { PLACE_NONE, method_list_methods },
};

const struct method *method_find(const struct wire_method *method)
{
    return &METHODS[wire_method_id(method)];
}
