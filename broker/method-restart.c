/* restarter.restart, and restart_unit with the plain contract: the same, told in two fields, without faults.
 */
#include "broker/methods.h"

#include <string.h>

#include "broker/audit.h"
#include "broker/broker.h"
#include "broker/request.h"
#include "broker/restart-options.h"
#include "common/rpc.h"

static uint64_t milliseconds(uint64_t usec)
{
    return (usec + 500) / 1000;
}

/* 0 is for those that did not fall. */
static uint64_t fell_milliseconds(const struct outcome *o)
{
    uint64_t msec = milliseconds(o->fell_usec);

    return o->fell_usec > 0 && msec == 0 ? 1 : msec;
}

static xmlrpc_value *full_value(const struct outcome *o)
{
    struct rpc_struct s = rpc_struct_begin();

    rpc_struct_bool(&s, "success", o->success);
    rpc_struct_string(&s, "message", o->sentence);
    rpc_struct_string(&s, "unit", o->unit);
    rpc_struct_string(&s, "verb", "restart");
    rpc_struct_string(&s, "result", o->result);
    rpc_struct_string(&s, "active_state", o->after.active_state);
    rpc_struct_string(&s, "sub_state", o->after.sub_state);
    rpc_struct_string(&s, "service_result", o->after.result);
    rpc_struct_int(&s, "exec_main_status", o->after.exec_main_status);
    rpc_struct_clamped(&s, "main_pid", o->after.main_pid);
    rpc_struct_string(&s, "invocation_id_before", o->invocation_before);
    rpc_struct_string(&s, "invocation_id_after", o->after.invocation_id);
    rpc_struct_clamped(&s, "milliseconds", milliseconds(o->usec));
    rpc_struct_clamped(&s, "callers", o->callers);
    rpc_struct_string(&s, "verdict", verdict_to_string(o->verdict));
    rpc_struct_clamped(&s, "settle_milliseconds", milliseconds(o->watched_usec));
    rpc_struct_clamped(&s, "failed_after_milliseconds", fell_milliseconds(o));
    rpc_struct_clamped(&s, "held_milliseconds", milliseconds(o->held_usec));
    rpc_struct_bool(&s, "repeated", o->repeated);
    rpc_struct_bool(&s, "need_daemon_reload", o->after.need_daemon_reload);
    return rpc_struct_end(&s);
}

static xmlrpc_value *plain_value(const struct outcome *o)
{
    struct rpc_struct s = rpc_struct_begin();

    rpc_struct_bool(&s, "success", o->refusal == 0 && o->success);
    rpc_struct_string(&s, "message", o->sentence);
    return rpc_struct_end(&s);
}

static void answer(struct request *request, const struct outcome *outcome)
{
    struct broker *broker = request->broker;

    if (!outcome->repeated) {
        audit_restart(request, outcome);
        if (outcome->refusal == 0)
            broker->restarts++;
        else
            broker->refused++;
    }
    if (request->method->handle == method_restart_unit)
        request_answer(request, plain_value(outcome), outcome->retry_after);
    else if (outcome->refusal != 0)
        request_fault(request, outcome->refusal, outcome->sentence, outcome->retry_after);
    else
        request_answer(request, full_value(outcome), 0);
}

static void on_done(struct job_caller *caller, const struct outcome *outcome)
{
    answer((struct request *)((char *)caller - offsetof(struct request, caller)), outcome);
}

static void restart(struct request *request, const struct target *target,
                    const struct restart_options *options)
{
    const struct job_request job = {
        .unit = target->unit,
        .start_stopped = target->start_stopped,
        .cooldown_usec = target->cooldown_usec,
        .settle_usec = target->settle_usec,
        .grant = target->grant,
    };

    request->caller.done = on_done;
    request->caller.settle_usec = options->settle_usec;
    (void)stpcpy(request->caller.press.text, options->press);
    request->caller.press.gate = (uint32_t)(request->gate - request->broker->gates);
    /* The web front's number is another one each time it is started. */
    request->caller.press.uid = request->gate->gate.relays ? 0 : request->peer.uid;
    jobs_restart(request->broker->jobs, &job, &request->caller);
}

void method_restart(struct request *request, xmlrpc_value *params)
{
    struct restart_options options;
    struct outcome outcome = { 0 };
    struct target target;

    if (!restart_options_read(params, &options)) {
        request_fault(request, RPC_FAULT_PARAMS, request->method->usage, 0);
        return;
    }
    switch (method_target(request, params, &target, &outcome)) {
    case 0:
        restart(request, &target, &options);
        break;
    case METHOD_E_REFUSED:
        answer(request, &outcome);
        break;
    default:
        request_fault(request, RPC_FAULT_PARAMS, request->method->usage, 0);
    }
}

void method_restart_unit(struct request *request, xmlrpc_value *params)
{
    method_restart(request, params);
}
