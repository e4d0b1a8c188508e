/* An outcome, as it is on the wire. */
#include "broker/calls/answer-restart.h"

#include "broker/calls/request.h"
#include "broker/record/recents.h"

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

/* What is kept is of restarts. */
static uint64_t usual_milliseconds(const struct request *request, const struct outcome *o)
{
    if (o->verb == VERB_RELOAD)
        return 0;
    return recent_usual_milliseconds(recents_find(request->services->recents, o->unit));
}

void answer_restart(struct request *request, const struct outcome *o)
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
            .covered = o->covered,
            .began_by = o->began_by,
            .need_daemon_reload = o->after.need_daemon_reload,
            .usual_milliseconds = usual_milliseconds(request, o),
        },
    };

    request_answer(request, &answer, 0);
}
