/* restarter.status: one unit's state, as systemd tells it now. */
#include "broker/calls/method-status.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>
#include <time.h>

#include "broker/calls/audit.h"
#include "broker/calls/request.h"
#include "broker/jobs/unit.h"
#include "broker/outcome/sentence.h"
#include "broker/record/recents.h"
#include "broker/systemd/unit-read.h"
#include "common/cleanup.h"
#include "common/clock.h"
#include "common/verb.h"
#include "policy/in-force.h"

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
    const struct units *units;
    struct status_list list; /* in the order in which they came */
    unsigned n_reads;        /* of them, whose state is being read */
};

/* systemd does not say when it began to count. One that has hit its limit does not start before all that was
 * counted is out of the interval, at the latest so long after the last of it. */
static uint64_t limit_hit_wait(const struct unit_state *state)
{
    uint64_t now_usec = (uint64_t)time(NULL) * USEC_PER_SEC, end_usec;

    if (strcmp(state->result, "start-limit-hit") != 0 || state->start_limit.interval_usec > now_usec)
        return 0;
    end_usec = state->state_change_usec + state->start_limit.interval_usec;
    return end_usec > now_usec ? end_usec - now_usec : 0;
}

static uint64_t start_wait_seconds(const struct status *status)
{
    uint64_t wait_usec =
        units_start_wait(status->statuses->units, status->unit, &status->state, clock_usec());
    uint64_t hit_usec = limit_hit_wait(&status->state);

    if (wait_usec < hit_usec)
        wait_usec = hit_usec;
    return wait_usec > 0 ? start_limit_seconds(wait_usec) : 0;
}

/* What the policy makes of it for who asks. */
static void add_terms(const struct request *request, const struct unit_state *state, struct wire_status *ret)
{
    const struct policy *policy = request->services->policy->policy;
    struct unit_name name;

    if (!policy || unit_name_parse(ret->unit, &name) != 0)
        return;
    ret->verbs = policy_verbs(policy, &request->person, &name);
    ret->can_reload = (ret->verbs & VERB_RELOAD) && state->can_reload && unit_state_is_active(state);
    ret->reason = policy_verbs_with_reason(policy, &request->person, &name) ? "required" : NULL;
    ret->confirm = policy_verbs_to_confirm(policy, &request->person, &name) != 0;
    ret->logs = policy_shows_logs(policy, &request->person, &name);
}

static void answer(const struct status *status)
{
    const struct recent *recent = recents_find(status->request->services->recents, status->unit);
    const struct unit_state *state = &status->state;
    struct wire_answer answer = {
        .kind = WIRE_STATUS,
        .status = {
            .unit = status->unit,
            .description = state->description,
            .status_text = state->status_text,
            .exec_main_code = unit_state_exec_main_code(state),
            .start_limit_seconds = start_wait_seconds(status),
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
            .restarted_at = recent ? recent->at : 0,
            .restarted_by = recent ? recent->by : NULL,
            .restarted_verdict = recent ? recent->verdict : NULL,
            .usual_milliseconds = recent_usual_milliseconds(recent),
        },
    };

    add_terms(status->request, state, &answer.status);
    request_answer(status->request, &answer, 0);
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
        answer(status);
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

    recents_wake(request->services->recents);
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

int statuses_new(struct systemd *systemd, const struct units *units, struct statuses **ret)
{
    struct statuses *statuses = calloc(1, sizeof(*statuses));

    if (!statuses)
        return -ENOMEM;
    statuses->systemd = systemd;
    statuses->units = units;
    TAILQ_INIT(&statuses->list);
    *ret = statuses;
    return 0;
}

struct statuses *statuses_free(struct statuses *statuses)
{
    free(statuses);
    return NULL;
}
