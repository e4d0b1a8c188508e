/* The table. What takes three lines is handled here. */
#include "broker/calls/methods.h"

#include <assert.h>
#include <string.h>

#include "broker/calls/list.h"
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

static const struct method METHODS[] = {
    { "restart_unit", PLACE_NONE, method_restart },
    { "restarter.list", PLACE_LIST, method_list },
    { "restarter.reload", PLACE_NONE, method_restart },
    { "restarter.reload_or_restart", PLACE_NONE, method_restart },
    { "restarter.restart", PLACE_NONE, method_restart },
    { "restarter.status", PLACE_STATUS, method_status },
    { "restarter.try_restart", PLACE_NONE, method_restart },
    { "system.listMethods", PLACE_NONE, method_list_methods },
};

const struct method *method_find(const struct wire_method *method)
{
    size_t i = 0;

    while (strcmp(METHODS[i].name, method->name) != 0) {
        i++;
        assert(i < sizeof(METHODS) / sizeof(*METHODS));
    }
    return &METHODS[i];
}
