/* restarter.restart and the other verbs, and restart_unit with the plain contract: a restart, told in two
 * fields, without faults. */
#include "broker/calls/method-restart.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "broker/calls/audit.h"
#include "broker/calls/request.h"
#include "broker/jobs/jobs.h"
#include "broker/outcome/sentence.h"
#include "common/cleanup.h"
#include "common/clock.h"

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

static void answer_full(struct request *request, const struct outcome *o)
{
    const struct wire_answer answer = {
        .kind = WIRE_RESTART,
        .restart = {
            .success = o->success,
            .message = o->sentence,
            .unit = o->unit,
            .verb = verb_to_string(o->verb),
            .done = outcome_what_was_done(o),
            .result = o->result,
            .active_state = o->after.active_state,
            .sub_state = o->after.sub_state,
            .service_result = o->after.result,
            .exec_main_status = o->after.exec_main_status,
            .main_pid = o->after.main_pid,
            .invocation_id_before = o->invocation_before,
            .invocation_id_after = o->after.invocation_id,
            .milliseconds = milliseconds(o->usec),
            .callers = o->callers,
            .verdict = verdict_to_string(o->verdict),
            .settle_milliseconds = milliseconds(o->watched_usec),
            .failed_after_milliseconds = fell_milliseconds(o),
            .held_milliseconds = milliseconds(o->held_usec),
            .repeated = o->repeated,
            .need_daemon_reload = o->after.need_daemon_reload,
        },
    };

    request_answer(request, &answer, 0);
}

static void answer_plain(struct request *request, const struct outcome *o)
{
    char buffer[SENTENCE_SIZE];
    const struct wire_answer answer = {
        .kind = WIRE_PLAIN,
        .plain = { .success = o->refusal == 0 && o->success,
                   .message = request_sentence(request, o, buffer) },
    };

    request_answer(request, &answer, o->retry_after);
}

static void answer(struct request *request, const struct outcome *outcome)
{
    if (!outcome->repeated)
        audit_verb(request->services->audit, request, outcome);
    if (request->method->answer == WIRE_PLAIN)
        answer_plain(request, outcome);
    else if (outcome->refusal != 0)
        request_refuse(request, outcome);
    else
        answer_full(request, outcome);
}

enum { LEFT_MAX = 32 }; /* at one gate, who are remembered for the journal's sake after they hung up */

/* One that is waited for. */
struct restart {
    struct job_caller caller; /* first, so that it is found by it */
    struct request *request;
    char unit[UNIT_NAME_SIZE];
};

/* The restart goes on. What comes of it is recorded under the name of who asked, unless too many of them come
 * and go. */
static void on_gone(void *userdata)
{
    struct restart *restart = userdata;
    struct request *request = restart->request;
    struct outcome outcome = { .verb = request->method->verb };

    request_leave(request);
    if (request->places->n_left <= LEFT_MAX ||
        !jobs_leave(request->services->jobs, restart->unit, &restart->caller))
        return;
    memcpy(outcome.unit, restart->unit, sizeof(outcome.unit));
    sentence_left(&outcome);
    audit_left(request, &outcome);
    request_fault(request, outcome.refusal, outcome.sentence, 0);
    free(restart);
}

static void on_done(struct job_caller *caller, const struct outcome *outcome)
{
    _cleanup_(freep) struct restart *restart = (struct restart *)caller;

    answer(restart->request, outcome);
}

/* Whose press it is. The web front's number is another one each time it is started. */
static void take_press(const struct request *request, const struct wire_call *call, struct press_key *ret)
{
    (void)stpcpy(ret->text, call->press);
    ret->gate = request->gate->number;
    ret->uid = request->gate->relays ? 0 : request->peer.uid;
}

/* NULL when there is no place for it, or no memory. */
static struct restart *restart_new(struct request *request, const char *unit, struct outcome *ret_outcome)
{
    _cleanup_(freep) struct restart *restart = calloc(1, sizeof(*restart));

    if (!restart) {
        sentence_no_memory(ret_outcome);
        return NULL;
    }
    restart->request = request;
    (void)snprintf(restart->unit, sizeof(restart->unit), "%s", unit);
    return place_take(request->places, PLACE_RESTART, restart->unit, &request->place, ret_outcome)
               ? TAKE_PTR(restart)
               : NULL;
}

static void begin(struct request *request, const struct target *target, const struct wire_call *call)
{
    const struct job_request job = {
        .unit = target->name.unit,
        .verb = request->method->verb,
        .start_stopped = target->start_stopped,
        .cooldown_usec = target->cooldown_usec,
        .settle_usec = target->settle_usec,
        .grant = target->grant,
    };
    struct outcome none = { .verb = request->method->verb };
    struct restart *restart = restart_new(request, target->name.unit, &none);

    if (!restart) {
        answer(request, &none);
        return;
    }
    http_request_on_gone(request->http, on_gone, restart);
    restart->caller.done = on_done;
    restart->caller.settle_usec = call->has_settle ? (uint64_t)call->settle * USEC_PER_SEC : JOB_SETTLE_OWN;
    take_press(request, call, &restart->caller.press);
    jobs_ask(request->services->jobs, &job, &restart->caller);
}

void method_restart(struct request *request, const struct wire_call *call)
{
    struct outcome outcome = { 0 };
    struct target target;

    if (request_target(request, call->unit, &target, &outcome))
        begin(request, &target, call);
    else
        answer(request, &outcome);
}
