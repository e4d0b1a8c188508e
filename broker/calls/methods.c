/* The table. What takes three lines is handled here. */
#include "broker/calls/methods.h"

#include "broker/calls/list.h"
#include "broker/calls/method-allowed.h"
#include "broker/calls/method-changes.h"
#include "broker/calls/method-metrics.h"
#include "broker/calls/method-multicall.h"
#include "broker/calls/method-outcome.h"
#include "broker/calls/method-record.h"
#include "broker/calls/method-restart.h"
#include "broker/calls/method-session.h"
#include "broker/calls/method-status.h"
#include "broker/calls/request.h"
#include "common/cleanup.h"
#include "common/rpc/wire-capabilities.h"
#include "common/rpc/wire-describe.h"

static void method_list(struct request *request, const struct wire_call *call)
{
    lister_ask(request->services->lister, request, &call->list);
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

static void method_help(struct request *request, const struct wire_call *call)
{
    char text[WIRE_HELP_SIZE];
    const struct wire_answer answer = { .kind = WIRE_TEXT, .text = { text } };

    wire_describe_in_words(call->about, text);
    request_answer(request, &answer, 0);
}

static void method_signature(struct request *request, const struct wire_call *call)
{
    struct wire_forms forms;
    const struct wire_answer answer = {
        .kind = WIRE_SIGNATURES,
        .signatures = wire_describe(call->about, &forms),
    };

    request_answer(request, &answer, 0);
}

static void method_get_capabilities(struct request *request, _unused_ const struct wire_call *call)
{
    const struct wire_answer answer = { .kind = WIRE_CAPABILITIES, .capabilities = { WIRE_CAPABILITY_ALL } };

    request_answer(request, &answer, 0);
}

static const struct method METHODS[WIRE_METHODS_COUNT] = {
    [WIRE_METHOD_RESTART_UNIT] = { .handle = method_restart, .place = PLACE_NONE },
    [WIRE_METHOD_ALLOWED] = { .handle = method_allowed, .place = PLACE_NONE },
    [WIRE_METHOD_CHANGES] = { .handle = method_changes, .place = PLACE_CHANGES, .for_fronts = true },
    [WIRE_METHOD_DAY] = { .handle = method_day, .place = PLACE_RECORD },
    [WIRE_METHOD_HISTORY] = { .handle = method_history, .place = PLACE_RECORD },
    [WIRE_METHOD_LIST] = { .handle = method_list, .place = PLACE_LIST },
    [WIRE_METHOD_LOGS] = { .handle = method_logs, .place = PLACE_RECORD },
    [WIRE_METHOD_METRICS] = { .handle = method_metrics, .place = PLACE_NONE, .for_fronts = true },
    [WIRE_METHOD_OUTCOME] = { .handle = method_outcome, .place = PLACE_NONE },
    [WIRE_METHOD_RELOAD] = { .handle = method_restart, .place = PLACE_NONE },
    [WIRE_METHOD_RELOAD_OR_RESTART] = { .handle = method_restart, .place = PLACE_NONE },
    [WIRE_METHOD_RENEW] = { .handle = method_renew, .place = PLACE_NONE },
    [WIRE_METHOD_RESTART] = { .handle = method_restart, .place = PLACE_NONE },
    [WIRE_METHOD_SIGN_OUT] = { .handle = method_sign_out, .place = PLACE_NONE },
    [WIRE_METHOD_SIGN_OUT_EVERYWHERE] = { .handle = method_sign_out_everywhere, .place = PLACE_NONE },
    [WIRE_METHOD_STATUS] = { .handle = method_status, .place = PLACE_STATUS },
    [WIRE_METHOD_TRY_RESTART] = { .handle = method_restart, .place = PLACE_NONE },
    [WIRE_METHOD_GET_CAPABILITIES] = { .handle = method_get_capabilities, .place = PLACE_NONE },
    [WIRE_METHOD_LIST_METHODS] = { .handle = method_list_methods, .place = PLACE_NONE },
    [WIRE_METHOD_HELP] = { .handle = method_help, .place = PLACE_NONE },
    [WIRE_METHOD_SIGNATURE] = { .handle = method_signature, .place = PLACE_NONE },
    [WIRE_METHOD_MULTICALL] = { .handle = method_multicall, .place = PLACE_MULTICALL },
};

const struct method *method_find(const struct wire_method *method)
{
    return &METHODS[wire_method_id(method)];
}
