/* The table of jobs: who waits for which, and what happens to all of them at once. */
#include "broker/job-internal.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "broker/clock.h"
#include "broker/sentence.h"
#include "common/cleanup.h"
#include "common/refusal.h"
#include "policy/policy.h"

/* --- one job --- */

static struct job *job_free(struct job *job)
{
    TAILQ_REMOVE(&job->jobs->list, job, link);
    job->jobs->n--;
    job->unit->job = NULL;
    unit_look_cancel(job->unit, job);
    systemd_call_free(job->call);
    systemd_call_free(job->file_call);
    sd_event_source_disable_unref(job->hold);
    sd_event_source_disable_unref(job->deadline);
    free(job);
    return NULL;
}

void job_tell(struct job *job)
{
    struct job_caller *caller;

    job->outcome.callers = job->n_callers;
    while ((caller = TAILQ_FIRST(&job->callers))) {
        TAILQ_REMOVE(&job->callers, caller, link);
        job->outcome.repeated = caller->repeated;
        caller->done(caller, &job->outcome);
    }
    job->n_waiting = 0;
}

/* Refused is as if nobody had asked; whatever else became of it is what the same press is told again. */
static void end_presses(struct job *job)
{
    if (job->outcome.refusal != 0 && job->outcome.refusal != REFUSAL_UNKNOWN)
        presses_forget(job->jobs->setup.presses, job->serial);
    else
        presses_over(job->jobs->setup.presses, job->serial, &job->outcome);
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
        settle_usec = settle_usec_for_type(outcome.after.type);
    outcome.callers = job->n_callers;
    TAILQ_CONCAT(&callers, &job->callers, link);
    job_free(job);
    settle_begin(jobs, unit, &outcome, settle_usec, serial, &callers);
}

/* Nobody waits longer than this; systemd goes on, and so does the watch for the job's end. */
static int on_deadline(_unused_ sd_event_source *source, _unused_ uint64_t usec, void *userdata)
{
    struct job *job = userdata;

    if (job->phase == JOB_RUNNING) {
        sentence_still_running(&job->outcome, job->jobs->setup.timeout_usec);
        job_tell(job);
        return 0;
    }
    if (job->phase < JOB_CALLING)
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
                                      job->jobs->setup.timeout_usec, 0, on_deadline, job);
}

static struct job *job_new(struct jobs *jobs, struct unit *unit, const struct job_request *request)
{
    struct job *job = calloc(1, sizeof(*job));

    if (!job)
        return NULL;
    job->jobs = jobs;
    job->unit = unit;
    unit->job = job;
    job->start_stopped = request->start_stopped;
    job->cooldown_usec = request->cooldown_usec;
    job->settle_usec = request->settle_usec;
    job->serial = ++jobs->last_serial;
    TAILQ_INIT(&job->callers);
    TAILQ_INSERT_TAIL(&jobs->list, job, link);
    jobs->n++;
    (void)snprintf(job->grant, sizeof(job->grant), "%s", request->grant);
    (void)snprintf(job->outcome.unit, sizeof(job->outcome.unit), "%s", unit->name);
    return job;
}

/* --- callers --- */

void job_refuse(struct job_caller *caller, struct outcome *outcome, const char *unit)
{
    (void)snprintf(outcome->unit, sizeof(outcome->unit), "%s", unit);
    caller->done(caller, outcome);
}

void job_join(struct job *job, struct job_caller *caller)
{
    struct outcome outcome = { 0 };

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
    job->n_callers += !caller->repeated;
    job->n_waiting++;
    TAILQ_INSERT_TAIL(&job->callers, caller, link);
    if (job->phase >= JOB_CALLING)
        job_note_press(job, caller);
}

bool jobs_leave(struct jobs *jobs, const char *name, struct job_caller *caller)
{
    struct unit *unit = units_get(jobs->units, name);
    struct job_caller *other;

    if (unit && unit->settle && settle_leave(unit->settle, caller))
        return true;
    if (!unit || !unit->job || unit->job->phase < JOB_CALLING)
        return false;
    TAILQ_FOREACH(other, &unit->job->callers, link)
    if (other == caller) {
        TAILQ_REMOVE(&unit->job->callers, caller, link);
        unit->job->n_waiting--;
        return true;
    }
    return false;
}

void jobs_restart(struct jobs *jobs, const struct job_request *request, struct job_caller *caller)
{
    struct outcome outcome = { 0 };
    struct unit *unit = NULL;
    struct job *job;

    if (job_repeat(jobs, request, caller))
        return;
    unit = units_get(jobs->units, request->unit);
    job = unit ? unit->job : NULL;
    if (job) {
        job_join(job, caller);
        return;
    }
    if (!systemd_bus(jobs->systemd))
        sentence_unreachable(&outcome);
    else if (jobs->n >= JOBS_MAX)
        sentence_busy(&outcome, "too many restarts are under way");
    else if (!unit)
        sentence_busy(&outcome, "too many units are being restarted");
    else if (!(job = job_new(jobs, unit, request)))
        sentence_no_memory(&outcome);
    if (!job) {
        job_refuse(caller, &outcome, request->unit);
        return;
    }
    job_join(job, caller);
    if (job->n_waiting == 0)
        job_free(job);
    else
        job_proceed(job);
}

/* --- all jobs --- */

const char *jobs_removal(const struct jobs *jobs, const char *path)
{
    for (size_t i = 0; i < REMOVED_MAX; i++)
        if (strcmp(jobs->removals[i].path, path) == 0)
            return jobs->removals[i].result;
    return NULL;
}

static void remember_removal(struct jobs *jobs, const char *path, const char *result)
{
    struct job_removal *removal = &jobs->removals[jobs->next_removal++ % REMOVED_MAX];

    (void)snprintf(removal->path, sizeof(removal->path), "%s", path);
    (void)snprintf(removal->result, sizeof(removal->result), "%s", result);
}

void jobs_on_removed(struct jobs *jobs, const char *path, const char *result)
{
    struct job *job;

    remember_removal(jobs, path, result);
    TAILQ_FOREACH(job, &jobs->list, link)
    if (job->phase == JOB_RUNNING && strcmp(job->path, path) == 0) {
        job_over(job, result);
        return;
    }
}

static void for_each(struct jobs *jobs, void (*act)(struct job *job))
{
    struct job *job, *next;

    for (job = TAILQ_FIRST(&jobs->list); job; job = next) {
        next = TAILQ_NEXT(job, link);
        act(job);
    }
}

static void for_each_settle(struct jobs *jobs, void (*act)(struct settle *settle))
{
    struct settle *settle, *next;

    for (settle = TAILQ_FIRST(&jobs->settles); settle; settle = next) {
        next = settle_next(settle);
        act(settle);
    }
}

void jobs_on_reloaded(struct jobs *jobs)
{
    for_each(jobs, job_check);
    for_each_settle(jobs, settle_check);
}

static void lose(struct job *job)
{
    if (job->phase != JOB_RUNNING)
        return; /* its call was answered with a fault, or it holds and will find nobody there */
    sentence_bus_lost(&job->outcome);
    job_end(job);
}

void jobs_on_lost(struct jobs *jobs)
{
    for_each(jobs, lose);
    for_each_settle(jobs, settle_lose);
}

static void stop(struct job *job)
{
    if (job->phase == JOB_LOOKING || job->phase == JOB_HELD)
        sentence_stopping_before(&job->outcome);
    else
        sentence_stopping_during(&job->outcome);
    job_end(job);
}

static void stop_settle(struct settle *settle)
{
    settle_end(settle, "when the broker was stopped");
}

void jobs_stop(struct jobs *jobs)
{
    for_each(jobs, stop);
    for_each_settle(jobs, stop_settle);
}

unsigned jobs_running(const struct jobs *jobs)
{
    return jobs->n;
}

unsigned jobs_watching(const struct jobs *jobs)
{
    return jobs->n_settles;
}

int jobs_new(sd_event *event, struct systemd *systemd, struct units *units, const struct jobs_setup *setup,
             struct jobs **ret)
{
    struct jobs *jobs = calloc(1, sizeof(*jobs));

    if (!jobs)
        return -ENOMEM;
    jobs->event = sd_event_ref(event);
    jobs->systemd = systemd;
    jobs->units = units;
    jobs->setup = *setup;
    TAILQ_INIT(&jobs->list);
    TAILQ_INIT(&jobs->settles);
    *ret = jobs;
    return 0;
}

struct jobs *jobs_free(struct jobs *jobs)
{
    struct job *job;

    if (!jobs)
        return NULL;
    while ((job = TAILQ_FIRST(&jobs->list)))
        job_free(job);
    while (!TAILQ_EMPTY(&jobs->settles))
        settle_free(TAILQ_FIRST(&jobs->settles));
    sd_event_unref(jobs->event);
    free(jobs);
    return NULL;
}
