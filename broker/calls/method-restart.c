/* restarter.restart and the other verbs, and restart_unit with the plain contract: a restart, told in two
 * fields, without faults. */
#include "broker/calls/method-restart.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "broker/calls/answer-restart.h"
#include "broker/calls/audit.h"
#include "broker/calls/request.h"
#include "broker/jobs/jobs.h"
#include "broker/memory/press.h"
#include "broker/outcome/sentence.h"
#include "broker/record/recents.h"
#include "common/cleanup.h"
#include "common/clock.h"
#include "common/refusal.h"
#include "common/refusal.h"

static void answer_plain(struct request *request, const struct outcome *o)
{
    char buffer[SENTENCE_SIZE];
    const struct wire_answer answer = {
        .kind = WIRE_PLAIN,
        .plain = { .success = o->refusal == 0 && o->success,
                   .message = request_sentence(request, o, buffer) },
    };

    request_answer_refused(request, &answer, o);
}

/* What the journal is told, and the list tells of it: it was done by who began it, whoever has joined him. A
 * reload is no restart. */
static void record(const struct request *request, const struct outcome *outcome)
{
    uint64_t now_usec = clock_realtime_usec();
    const struct restarted restarted = { .unit = outcome->unit,
                                         .by = outcome->covered ? outcome->began_by : request_user(request),
                                         .verdict = verdict_to_string(outcome->verdict),
                                         .at = now_usec / USEC_PER_SEC,
                                         .sent_usec = now_usec,
                                         .milliseconds =
                                             (clock_usec() - request->begin_usec) / USEC_PER_MSEC };

    audit_verb(request->services->audit, request, outcome);
    if ((outcome->refusal == 0 || outcome->refusal == REFUSAL_UNKNOWN) && outcome->verb != VERB_RELOAD)
        recents_note(request->services->recents, &restarted);
}

static void answer(struct request *request, const struct outcome *outcome)
{
    if (!outcome->repeated)
        record(request, outcome);
    if (request->method->answer == WIRE_PLAIN)
        answer_plain(request, outcome);
    else if (outcome->refusal != 0)
        request_refuse(request, outcome);
    else
        answer_restart(request, outcome);
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
    const struct request *request = restart->request;

    /* Refused is forgotten, so that it can be asked anew; but who had it asked for, and went to look later,
     * is told. */
    if (request->left && outcome->refusal != 0 && outcome->refusal != REFUSAL_UNKNOWN && *caller->press.text)
        presses_note_refusal(request->services->presses, &caller->press, outcome, clock_usec());
    answer(restart->request, outcome);
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
    return place_take(request->places, PLACE_RESTART, request_counted(request), restart->unit,
                      &request->place, ret_outcome)
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
    request_on_gone(request, on_gone, restart);
    restart->caller.done = on_done;
    restart->caller.settle_usec = call->has_settle ? (uint64_t)call->settle * USEC_PER_SEC : JOB_SETTLE_OWN;
    request_press(request, call, &restart->caller.press);
    restart->caller.user = request_user(request);
    jobs_ask(request->services->jobs, &job, &restart->caller);
}

void method_restart_refuse(struct request *request, const struct outcome *outcome)
{
    answer(request, outcome);
}

void method_restart(struct request *request, const struct wire_call *call)
{
    struct outcome outcome = { 0 };
    struct target target;

    (void)stpcpy(request->reason, call->reason);
    if (!request_target(request, call->unit, &target, &outcome)) {
        answer(request, &outcome);
    } else if (target.reason_required && !*call->reason) {
        sentence_reason(&outcome, target.grant);
        answer(request, &outcome);
    } else {
        begin(request, &target, call);
    }
}
