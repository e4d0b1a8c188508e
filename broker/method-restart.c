/* restarter.restart, and restart_unit with the plain contract: the same, told in two fields, without faults.
 */
#include "broker/methods.h"

#include <string.h>

#include "broker/audit.h"
#include "broker/broker.h"
#include "broker/request.h"
#include "common/rpc.h"

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
    rpc_struct_clamped(&s, "milliseconds", (o->usec + 500) / 1000);
    rpc_struct_clamped(&s, "callers", o->callers);
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

    audit_restart(request, outcome);
    if (outcome->refusal == 0)
        broker->restarts++;
    else
        broker->refused++;
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

static void restart(struct request *request, const struct target *target)
{
    const struct job_request job = {
        .unit = target->unit,
        .start_stopped = target->start_stopped,
        .cooldown_usec = target->cooldown_usec,
        .grant = target->grant,
    };

    request->caller.done = on_done;
    jobs_restart(request->broker->jobs, &job, &request->caller);
}

void method_restart(struct request *request, xmlrpc_value *params)
{
    struct outcome outcome = { 0 };
    struct target target;

    switch (method_target(request, params, &target, &outcome)) {
    case 0:
        restart(request, &target);
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
