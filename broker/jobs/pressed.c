/* Presses are written down when systemd is called. Before that they are known to the job that they wait
 * for. */
#include "broker/jobs/pressed.h"

#include <string.h>

#include "broker/jobs/job.h"
#include "broker/memory/press.h"
#include "broker/outcome/sentence-ended.h"
#include "broker/outcome/sentence-press.h"
#include "common/clock.h"

static const struct job_caller *find_waiting(const struct jobs *jobs, const struct press_key *key,
                                             const struct job **ret_job)
{
    const struct job_caller *caller;
    const struct job *job;

    TAILQ_FOREACH(job, &jobs->list, link)
        TAILQ_FOREACH(caller, &job->callers, link)
            if (strcmp(caller->press.text, key->text) == 0) {
                *ret_job = job;
                return caller;
            }
    return NULL;
}

static void tell_waiting(const struct job *job, const struct job_caller *caller, struct outcome *ret)
{
    *ret = job->outcome;
    ret->covered = caller->covered;
    ret->callers = job->n_callers;
    sentence_waits(ret, clock_usec() - job->asked_usec);
}

static void tell_noted(const struct press *press, struct outcome *ret)
{
    *ret = press->outcome;
    ret->covered = press->covered;
    if (press->over)
        return;
    if (ret->verdict == VERDICT_WATCHING) {
        ret->success = true;
        sentence_ended(ret);
    } else {
        sentence_under_way(ret, clock_usec() - press->usec);
    }
}

bool pressed_recall(const struct jobs *jobs, const struct press_key *key, struct outcome *ret)
{
    const struct press *press = presses_recall(jobs->presses, key, clock_usec());
    const struct job *job = NULL;
    const struct job_caller *caller;

    if (press && press->outcome.refusal == 0) {
        tell_noted(press, ret);
        return true;
    }
    caller = find_waiting(jobs, key, &job);
    if (caller)
        tell_waiting(job, caller, ret);
    else if (press)
        tell_noted(press, ret);
    return caller || press;
}
