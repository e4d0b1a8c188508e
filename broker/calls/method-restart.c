/* restarter.restart and the other verbs, and restart_unit with the plain contract: a restart, told in two
 * fields, without faults. */
#include "broker/calls/method-restart.h"

#include <string.h>

#include "broker/calls/audit.h"
#include "broker/calls/core.h"
#include "broker/calls/request.h"
#include "broker/jobs/jobs.h"
#include "broker/jobs/sentence.h"
#include "common/clock.h"
#include "common/rpc/meaning.h"

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
    const struct wire_answer answer = {
        .kind = WIRE_PLAIN,
        .plain = { .success = o->refusal == 0 && o->success, .message = o->sentence },
    };

    request_answer(request, &answer, o->retry_after);
}

static void count(struct broker *broker, const struct outcome *outcome)
{
    if (outcome->refusal == 0 && outcome->verb == VERB_RELOAD)
        broker->reloads++;
    else if (outcome->refusal == 0)
        broker->restarts++;
    else if (meaning_of_fault(outcome->refusal, true) == MEANING_UNKNOWN)
        broker->unknown++;
    else
        broker->refused++;
}

static void answer(struct request *request, const struct outcome *outcome)
{
    if (!outcome->repeated) {
        audit_verb(request, outcome);
        count(request->broker, outcome);
    }
    if (request->method->handle == method_restart_unit)
        answer_plain(request, outcome);
    else if (outcome->refusal != 0)
        request_fault(request, outcome->refusal, outcome->sentence, outcome->retry_after);
    else
        answer_full(request, outcome);
}

enum { LEFT_MAX = 32 }; /* at one gate, who are remembered for the journal's sake after they hung up */

/* The restart goes on. What comes of it is recorded under the name of who asked, unless too many of them come
 * and go. */
static void on_gone(void *userdata)
{
    struct request *request = userdata;
    struct outcome outcome = { .verb = request->verb };

    request_leave(request);
    if (request->gate->n_left <= LEFT_MAX ||
        !jobs_leave(request->broker->jobs, request->unit, &request->caller))
        return;
    memcpy(outcome.unit, request->unit, sizeof(outcome.unit));
    sentence_left(&outcome);
    audit_left(request, &outcome);
    request_fault(request, outcome.refusal, outcome.sentence, 0);
}

static void on_done(struct job_caller *caller, const struct outcome *outcome)
{
    answer((struct request *)((char *)caller - offsetof(struct request, caller)), outcome);
}

static void restart(struct request *request, const struct target *target, const struct wire_call *call)
{
    const struct job_request job = {
        .unit = target->name.unit,
        .verb = request->verb,
        .start_stopped = target->start_stopped,
        .cooldown_usec = target->cooldown_usec,
        .settle_usec = target->settle_usec,
        .grant = target->grant,
    };
    struct outcome full = { .verb = request->verb };

    memcpy(request->unit, target->name.unit, sizeof(request->unit));
    if (!place_take(&request->gate->places, PLACE_RESTART, request->unit, &request->place, &full)) {
        answer(request, &full);
        return;
    }
    http_request_on_gone(request->http, on_gone, request);
    request->caller.done = on_done;
    request->caller.settle_usec = call->has_settle ? (uint64_t)call->settle * USEC_PER_SEC : JOB_SETTLE_OWN;
    (void)stpcpy(request->caller.press.text, call->press);
    request->caller.press.gate = (uint32_t)(request->gate - request->broker->gates);
    /* The web front's number is another one each time it is started. */
    request->caller.press.uid = request->gate->gate.relays ? 0 : request->peer.uid;
    jobs_ask(request->broker->jobs, &job, &request->caller);
}

void method_restart(struct request *request, const struct wire_call *call)
{
    struct outcome outcome = { 0 };
    struct target target;

    if (method_target(request, call->unit, &target, &outcome))
        restart(request, &target, call);
    else
        answer(request, &outcome);
}

void method_restart_unit(struct request *request, const struct wire_call *call)
{
    method_restart(request, call);
}
