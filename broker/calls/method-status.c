/* restarter.status: one unit's state, as systemd tells it now. */
#include "broker/calls/method-status.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>

#include "broker/calls/audit.h"
#include "broker/calls/request.h"
#include "broker/outcome/sentence.h"
#include "broker/systemd/unit-read.h"
#include "common/cleanup.h"
#include "common/clock.h"

/* One that is asked for. */
struct status {
    TAILQ_ENTRY(status) link;
    struct statuses *statuses;
    struct request *request;
    char unit[UNIT_NAME_SIZE];
    struct unit_read *read; /* NULL: it waits its turn */
    struct unit_state state;
};

TAILQ_HEAD(status_list, status);

struct statuses {
    struct systemd *systemd;
    struct status_list list; /* in the order in which they came */
    unsigned n_reads;        /* of them, whose state is being read */
};

static void answer(struct request *request, const char *unit, const struct unit_state *state)
{
    const struct wire_answer answer = {
        .kind = WIRE_STATUS,
        .status = {
            .unit = unit,
            .load_state = state->load_state,
            .active_state = state->active_state,
            .sub_state = state->sub_state,
            .service_result = state->result,
            .exec_main_status = state->exec_main_status,
            .main_pid = state->main_pid,
            .invocation_id = state->invocation_id,
            .since = state->state_change_usec / USEC_PER_SEC,
            .enabled = state->file_state,
            .need_daemon_reload = state->need_daemon_reload,
        },
    };

    request_answer(request, &answer, 0);
}

static void refuse(struct request *request, const struct outcome *outcome)
{
    audit_read(request->services->audit, request, outcome);
    request_refuse(request, outcome);
}

/* Its request is answered by whoever calls this. */
static void status_free(struct status *status)
{
    TAILQ_REMOVE(&status->statuses->list, status, link);
    unit_read_free(status->read);
    free(status);
}

static void end_reading(struct status *status, enum bus_fault fault, const char *text)
{
    struct outcome outcome = { 0 };

    memcpy(outcome.unit, status->unit, sizeof(outcome.unit));
    if (fault != BUS_FAULT_NONE)
        sentence_not_read(&outcome, fault, text);
    else if (strcmp(status->state.load_state, "not-found") == 0)
        sentence_load_state(&outcome, status->state.load_state);
    if (outcome.refusal != 0)
        refuse(status->request, &outcome);
    else
        answer(status->request, status->unit, &status->state);
    status_free(status);
}

static void read_more(struct statuses *statuses);

static void on_read(enum bus_fault fault, const char *text, void *userdata)
{
    struct status *status = userdata;
    struct statuses *statuses = status->statuses;

    statuses->n_reads--;
    end_reading(status, fault, text);
    read_more(statuses);
}

static void start_reading(struct status *status)
{
    struct statuses *statuses = status->statuses;
    int r = unit_read_gently(statuses->systemd, status->unit, UNIT_READ_STATUS, &status->state, on_read,
                             status, &status->read);

    if (r >= 0)
        statuses->n_reads++;
    else
        end_reading(status, r == -EAGAIN ? BUS_FAULT_TOO_OFTEN : BUS_FAULT_NOT_THERE, "");
}

static void read_more(struct statuses *statuses)
{
    struct status *status, *next;

    for (status = TAILQ_FIRST(&statuses->list); status && statuses->n_reads < STATUS_READS_MAX;
         status = next) {
        next = TAILQ_NEXT(status, link);
        if (!status->read)
            start_reading(status);
    }
}

static void begin(struct statuses *statuses, struct request *request, const char *unit)
{
    struct status *status = calloc(1, sizeof(*status));

    if (!status) {
        request_no_memory(request);
        return;
    }
    status->statuses = statuses;
    status->request = request;
    (void)snprintf(status->unit, sizeof(status->unit), "%s", unit);
    TAILQ_INSERT_TAIL(&statuses->list, status, link);
    read_more(statuses);
}

void method_status(struct request *request, const struct wire_call *call)
{
    struct outcome outcome = { 0 };
    struct target target;

    if (request_target(request, call->unit, &target, &outcome))
        begin(request->services->statuses, request, target.name.unit);
    else
        refuse(request, &outcome);
}

/* --- all of them --- */

void statuses_stop(struct statuses *statuses)
{
    struct outcome outcome = { 0 };
    struct status *status;

    sentence_stopping_before(&outcome);
    while ((status = TAILQ_FIRST(&statuses->list))) {
        statuses->n_reads -= status->read != NULL;
        request_refuse(status->request, &outcome);
        status_free(status);
    }
}

int statuses_new(struct systemd *systemd, struct statuses **ret)
{
    struct statuses *statuses = calloc(1, sizeof(*statuses));

    if (!statuses)
        return -ENOMEM;
    statuses->systemd = systemd;
    TAILQ_INIT(&statuses->list);
    *ret = statuses;
    return 0;
}

struct statuses *statuses_free(struct statuses *statuses)
{
    free(statuses);
    return NULL;
}
