/* restarter.status: one unit's state, as systemd tells it now. */
#include "broker/calls/method-status.h"

#include <errno.h>
#include <string.h>

#include "broker/calls/audit.h"
#include "broker/calls/core.h"
#include "broker/calls/request.h"
#include "broker/jobs/sentence.h"
#include "common/cleanup.h"

static void answer(struct request *request, const struct unit_state *state)
{
    const struct wire_answer answer = {
        .kind = WIRE_STATUS,
        .status = {
            .unit = request->unit,
            .load_state = state->load_state,
            .active_state = state->active_state,
            .sub_state = state->sub_state,
            .service_result = state->result,
            .exec_main_status = state->exec_main_status,
            .main_pid = state->main_pid,
            .invocation_id = state->invocation_id,
            .since = state->state_change_usec / 1000000,
            .enabled = state->file_state,
            .need_daemon_reload = state->need_daemon_reload,
        },
    };

    request_answer(request, &answer, 0);
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
        answer(request, &request->state);
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
    int r = unit_read_gently(broker->systemd, request->unit, UNIT_READ_STATUS, &request->state, on_read,
                             request, &request->read);

    if (r >= 0)
        broker->n_reads++;
    else
        end_reading(request, r == -EAGAIN ? BUS_FAULT_TOO_OFTEN : BUS_FAULT_NOT_THERE, "");
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

void method_status(struct request *request, const struct wire_call *call)
{
    struct outcome outcome = { 0 };
    struct target target;

    if (method_target(request, call->unit, &target, &outcome))
        read_state(request, target.name.unit);
    else
        refuse(request, &outcome);
}
