/* Who waits for a job is told once, and whose press it carries out is written down before it is carried out.
 */
#include "broker/jobs/job.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "broker/jobs/settles.h"
#include "broker/memory/counters.h"
#include "broker/outcome/sentence.h"
#include "broker/outcome/sentence-ended.h"
#include "common/cleanup.h"
#include "common/clock.h"
#include "common/refusal.h"
#include "policy/policy.h"

/* --- whose turn it is --- */

static int on_turn(_unused_ sd_event_source *source, _unused_ uint64_t usec, void *userdata)
{
    struct job *job = userdata;

    job->hold = sd_event_source_disable_unref(job->hold);
    job->jobs->proceed(job);
    return 0;
}

/* The next one is taken up by itself, after whoever waited for this one was told. Failing that, its deadline
 * ends it. */
static void pass_turn(const struct job *job)
{
    struct job *next;

    if (job->unit->job != job)
        return;
    TAILQ_FOREACH(next, &job->jobs->list, link)
        if (next != job && next->unit == job->unit)
            break;
    job->unit->job = next;
    if (next)
        (void)sd_event_add_time_relative(next->jobs->event, &next->hold, CLOCK_MONOTONIC, 0, 1, on_turn,
                                         next);
}

struct job *job_free(struct job *job)
{
    pass_turn(job);
    TAILQ_REMOVE(&job->jobs->list, job, link);
    job->jobs->n--;
    unit_look_cancel(job->unit, job);
    systemd_call_free(job->call);
    systemd_call_free(job->file_call);
    sd_event_source_disable_unref(job->hold);
    sd_event_source_disable_unref(job->deadline);
    free(job);
    return NULL;
}

static void job_tell(struct job *job)
{
    struct job_caller *caller;

    job->outcome.callers = job->n_callers;
    while ((caller = TAILQ_FIRST(&job->callers))) {
        TAILQ_REMOVE(&job->callers, caller, link);
        job_tell_caller(caller, &job->outcome);
    }
    job->n_waiting = 0;
}

/* Refused is as if nobody had asked; whatever else became of it is what the same press is told again. */
static void end_presses(struct job *job)
{
    if (job->outcome.refusal != 0 && job->outcome.refusal != REFUSAL_UNKNOWN)
        presses_forget(job->jobs->presses, job->serial);
    else
        presses_over(job->jobs->presses, job->serial, &job->outcome);
    counters_count(job->jobs->counters, &job->outcome);
}

void job_end(struct job *job)
{
    end_presses(job);
    job_tell(job);
    job_free(job);
}

void job_hand_over(struct job *job)
{
    struct job_caller_list callers = TAILQ_HEAD_INITIALIZER(callers);
    struct outcome outcome = job->outcome;
    struct unit *unit = job->unit;
    struct jobs *jobs = job->jobs;
    uint64_t serial = job->serial, settle_usec = job->settle_usec;

    if (settle_usec == POLICY_SETTLE_BY_TYPE)
        settle_usec = settle_usec_for_type(outcome.after.type, outcome.reloaded);
    outcome.callers = job->n_callers;
    TAILQ_CONCAT(&callers, &job->callers, link);
    job_free(job);
    settles_begin(&jobs->settles, unit, &outcome, settle_usec, serial, &callers);
}

/* Nobody waits longer than this; systemd goes on, and so does the watch for the job's end. */
static int on_deadline(_unused_ sd_event_source *source, _unused_ uint64_t usec, void *userdata)
{
    struct job *job = userdata;

    if (job->phase == JOB_RUNNING) {
        sentence_still_running(&job->outcome, job->jobs->timeout_usec);
        job_tell(job);
        return 0;
    }
    if (job->unit->job != job)
        sentence_other_verb(&job->outcome, job->unit->name, job->unit->job->verb);
    else if (job->phase < JOB_CALLING)
        sentence_busy(&job->outcome, "systemd could not be asked for it in time");
    else
        sentence_bus_lost(&job->outcome);
    job_end(job);
    return 0;
}

static int start_deadline(struct job *job)
{
    job->deadline = sd_event_source_disable_unref(job->deadline);
    return sd_event_add_time_relative(job->jobs->event, &job->deadline, CLOCK_MONOTONIC,
                                      job->jobs->timeout_usec, 0, on_deadline, job);
}

struct job *job_new(struct jobs *jobs, struct unit *unit, const struct job_request *request)
{
    struct job *job = calloc(1, sizeof(*job));

    if (!job)
        return NULL;
    job->jobs = jobs;
    job->unit = unit;
    if (unit->job)
        job->phase = JOB_HELD;
    else
        unit->job = job;
    job->verb = job->outcome.verb = request->verb;
    job->start_stopped = request->start_stopped;
    job->cooldown_usec = request->cooldown_usec;
    job->settle_usec = request->settle_usec;
    job->serial = ++jobs->last_serial;
    job->asked_usec = clock_usec();
    TAILQ_INIT(&job->callers);
    TAILQ_INSERT_TAIL(&jobs->list, job, link);
    jobs->n++;
    (void)snprintf(job->grant, sizeof(job->grant), "%s", request->grant);
    (void)snprintf(job->outcome.unit, sizeof(job->outcome.unit), "%s", unit->name);
    return job;
}

/* --- callers --- */

static int note(struct job *job, const struct job_caller *caller)
{
    const struct press_deed deed = {
        .unit = job->unit->name,
        .verb = job->verb,
        .serial = job->serial,
        .covered = caller->covered,
        .began_by = job->outcome.began_by,
    };

    return presses_note(job->jobs->presses, &caller->press, &deed, clock_usec());
}

/* One that cannot be remembered would be carried out anew when it is asked again: rather not at all. */
static void refuse_unnoted(struct job_caller *caller, const struct job *job)
{
    struct outcome outcome = { .verb = job->verb };

    sentence_busy(&outcome, "too many others pressed for that very unit just now");
    job_refuse(caller, &outcome, job->unit->name);
}

static void note_press(struct job *job, struct job_caller *caller)
{
    int r = caller->press.text[0] == '\0' ? 0 : note(job, caller);

    if (r == PRESS_E_FULL && job->unit->settle) {
        /* Those whose outcome is only being watched make room for who wants something done anew. */
        settle_end(job->unit->settle, sentence_cut(job->verb));
        r = note(job, caller);
    }
    if (r == 0)
        return;
    TAILQ_REMOVE(&job->callers, caller, link);
    job->n_waiting--;
    job->n_callers -= !caller->repeated;
    if (r == PRESS_E_OTHER)
        job_refuse_press(caller, job->unit->name, job->verb);
    else
        refuse_unnoted(caller, job);
}

void job_note_presses(struct job *job)
{
    struct job_caller *caller, *next;

    for (caller = TAILQ_FIRST(&job->callers); caller; caller = next) {
        next = TAILQ_NEXT(caller, link);
        note_press(job, caller);
    }
}

void job_join(struct job *job, struct job_caller *caller)
{
    struct outcome outcome = { .verb = job->verb };

    if (job->n_waiting >= JOB_CALLERS_MAX) {
        sentence_busy(&outcome, "too many wait for that very unit");
        job_refuse(caller, &outcome, job->unit->name);
        return;
    }
    if (job->n_waiting == 0 && start_deadline(job) < 0) {
        sentence_no_memory(&outcome);
        job_refuse(caller, &outcome, job->unit->name);
        return;
    }
    /* Asked again, he stands to it as he did before. */
    caller->covered = caller->repeated ? caller->covered : job->n_callers > 0;
    if (job->n_callers == 0 && caller->user)
        (void)snprintf(job->outcome.began_by, sizeof(job->outcome.began_by), "%s", caller->user);
    job->n_callers += !caller->repeated;
    job->n_waiting++;
    TAILQ_INSERT_TAIL(&job->callers, caller, link);
    if (job->phase >= JOB_CALLING)
        note_press(job, caller);
}

/* --- the table --- */

struct job *jobs_find(const struct jobs *jobs, const struct unit *unit, unsigned verb)
{
    struct job *job;

    TAILQ_FOREACH(job, &jobs->list, link)
        if (job->unit == unit && job->verb == verb)
            break;
    return job;
}

/* --- what was over early --- */

const char *jobs_removal(const struct jobs *jobs, const char *path)
{
    for (size_t i = 0; i < REMOVED_MAX; i++)
        if (strcmp(jobs->removals[i].path, path) == 0)
            return jobs->removals[i].result;
    return NULL;
}

void jobs_note_removal(struct jobs *jobs, const char *path, const char *result)
{
    struct job_removal *removal = &jobs->removals[jobs->next_removal++ % REMOVED_MAX];

    (void)snprintf(removal->path, sizeof(removal->path), "%s", path);
    (void)snprintf(removal->result, sizeof(removal->result), "%s", result);
}
