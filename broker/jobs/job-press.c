/* What a press means to the jobs: asked again, somebody joins the job, the watch, or is told the outcome. */
#include "broker/jobs/job-press.h"

#include <string.h>

#include "broker/outcome/sentence.h"
#include "common/clock.h"

static bool is_same(const struct press_key *a, const struct press_key *b)
{
    return a->text[0] != '\0' && a->gate == b->gate && a->uid == b->uid && strcmp(a->text, b->text) == 0;
}

/* Two of them at the same moment, before the restart was asked for: one of them counts. */
static bool is_waiting(const struct job *job, const struct press_key *key)
{
    const struct job_caller *caller;

    TAILQ_FOREACH(caller, &job->callers, link)
        if (is_same(&caller->press, key))
            return true;
    return false;
}

static void tell_again(const struct press *press, struct job_caller *caller)
{
    struct outcome outcome = press->outcome;

    outcome.repeated = true;
    caller->done(caller, &outcome);
}

void job_refuse_other(const struct job *job, unsigned verb, struct job_caller *caller)
{
    struct outcome outcome = { .verb = verb };

    if (is_waiting(job, &caller->press)) {
        job_refuse_press(caller, job->unit->name, verb);
        return;
    }
    sentence_other_verb(&outcome, job->unit->name, job->verb);
    job_refuse(caller, &outcome, job->unit->name);
}

/* The press was carried out by a job that may still run, or whose unit is still watched. */
static void join_again(struct jobs *jobs, const struct press *press, struct job_caller *caller)
{
    const struct unit *unit = units_get(jobs->units, press->unit);

    caller->repeated = true;
    if (unit && unit->job && unit->job->serial == press->serial)
        job_join(unit->job, caller);
    else if (unit && unit->settle && settle_serial(unit->settle) == press->serial)
        settle_join(unit->settle, caller);
    else
        tell_again(press, caller);
}

bool job_repeat(struct jobs *jobs, const struct job_request *request, struct job_caller *caller)
{
    const struct press *press = NULL;
    const struct unit *unit;
    const struct job *job;

    caller->repeated = false;
    if (caller->press.text[0] == '\0')
        return false;
    press = presses_find(jobs->presses, &caller->press, clock_usec());
    if (press && !press_is_for(press, request->unit, request->verb)) {
        job_refuse_press(caller, request->unit, request->verb);
    } else if (press) {
        join_again(jobs, press, caller);
    } else {
        unit = units_get(jobs->units, request->unit);
        job = unit ? jobs_find(jobs, unit, request->verb) : NULL;
        caller->repeated = job && is_waiting(job, &caller->press);
        return false;
    }
    return true;
}
