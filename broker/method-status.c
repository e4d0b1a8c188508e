/* restarter.status: one unit's state, as systemd tells it now. */
#include "broker/methods.h"

#include <string.h>

#include "broker/audit.h"
#include "broker/broker.h"
#include "broker/request.h"
#include "broker/sentence.h"
#include "common/cleanup.h"
#include "common/rpc.h"

static xmlrpc_value *status_value(const char *unit, const struct unit_state *state)
{
    struct rpc_struct s = rpc_struct_begin();

    rpc_struct_string(&s, "unit", unit);
    rpc_struct_string(&s, "load_state", state->load_state);
    rpc_struct_string(&s, "active_state", state->active_state);
    rpc_struct_string(&s, "sub_state", state->sub_state);
    rpc_struct_string(&s, "service_result", state->result);
    rpc_struct_int(&s, "exec_main_status", state->exec_main_status);
    rpc_struct_clamped(&s, "main_pid", state->main_pid);
    rpc_struct_string(&s, "invocation_id", state->invocation_id);
    rpc_struct_clamped(&s, "since", state->state_change_usec / 1000000);
    rpc_struct_string(&s, "enabled", state->file_state);
    return rpc_struct_end(&s);
}

static void refuse(struct request *request, const struct outcome *outcome)
{
    audit_read(request, outcome);
    request->broker->refused++;
    request_fault(request, outcome->refusal, outcome->sentence, outcome->retry_after);
}

static void end_reading(struct request *request, enum bus_fault fault, const char *text)
{
    struct outcome outcome = { 0 };

    TAILQ_REMOVE(&request->broker->reading, request, link);
    memcpy(outcome.unit, request->unit, sizeof(outcome.unit));
    if (fault != BUS_FAULT_NONE)
        sentence_not_read(&outcome, fault, text);
    else if (strcmp(request->state.load_state, "not-found") == 0)
        sentence_load_state(&outcome, request->state.load_state);
    if (outcome.refusal != 0)
        refuse(request, &outcome);
    else
        request_answer(request, status_value(request->unit, &request->state), 0);
}

static void read_more(struct broker *broker);

static void on_read(enum bus_fault fault, const char *text, void *userdata)
{
    struct request *request = userdata;
    struct broker *broker = request->broker;

    broker->n_reads--;
    end_reading(request, fault, text);
    read_more(broker);
}

static void start_reading(struct request *request)
{
    struct broker *broker = request->broker;
    _cleanup_(freep) char *path = unit_read_path(request->unit);

    if (path && unit_read_new(broker->systemd, path, &request->state, on_read, request, &request->read) >= 0)
        broker->n_reads++;
    else
        end_reading(request, BUS_FAULT_NOT_THERE, "");
}

/* In the order in which they came. */
static void read_more(struct broker *broker)
{
    struct request *next;

    for (struct request *r = TAILQ_FIRST(&broker->reading); r && broker->n_reads < STATUS_READS_MAX;
         r = next) {
        next = TAILQ_NEXT(r, link);
        if (!r->read)
            start_reading(r);
    }
}

static void read_state(struct request *request, const char *unit)
{
    memcpy(request->unit, unit, sizeof(request->unit));
    TAILQ_INSERT_TAIL(&request->broker->reading, request, link);
    read_more(request->broker);
}

void method_status(struct request *request, xmlrpc_value *params)
{
    struct outcome outcome = { 0 };
    struct target target;

    switch (method_target(request, params, &target, &outcome)) {
    case 0:
        read_state(request, target.unit);
        break;
    case METHOD_E_REFUSED:
        refuse(request, &outcome);
        break;
    default:
        request_fault(request, RPC_FAULT_PARAMS, request->method->usage, 0);
    }
}
