/* The table of jobs: who waits for which, and what happens to all of them at once. */
#include "broker/job-internal.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "broker/clock.h"
#include "broker/sentence.h"
#include "common/cleanup.h"

/* --- one job --- */

static struct job *job_free(struct job *job)
{
    TAILQ_REMOVE(&job->jobs->list, job, link);
    job->jobs->n--;
    job->unit->job = NULL;
    unit_look_cancel(job->unit);
    systemd_call_free(job->call);
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
        caller->done(caller, &job->outcome);
    }
    job->n_waiting = 0;
}

void job_end(struct job *job)
{
    job_tell(job);
    job_free(job);
}

/* Nobody waits longer than this; systemd goes on, and so does the watch for the job's end. */
static int on_deadline(_unused_ sd_event_source *source, _unused_ uint64_t usec, void *userdata)
{
    struct job *job = userdata;

    if (job->phase == JOB_RUNNING) {
        sentence_still_running(&job->outcome, job->jobs->timeout_usec);
        job_tell(job);
    } else {
        sentence_bus_lost(&job->outcome);
        job_end(job);
    }
    return 0;
}

static int start_deadline(struct job *job)
{
    job->deadline = sd_event_source_disable_unref(job->deadline);
    return sd_event_add_time_relative(job->jobs->event, &job->deadline, CLOCK_MONOTONIC,
                                      job->jobs->timeout_usec, 0, on_deadline, job);
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
    TAILQ_INIT(&job->callers);
    TAILQ_INSERT_TAIL(&jobs->list, job, link);
    jobs->n++;
    (void)snprintf(job->grant, sizeof(job->grant), "%s", request->grant);
    (void)snprintf(job->outcome.unit, sizeof(job->outcome.unit), "%s", unit->name);
    return job;
}

/* --- callers --- */

static void refuse(struct job_caller *caller, struct outcome *outcome, const char *unit)
{
    (void)snprintf(outcome->unit, sizeof(outcome->unit), "%s", unit);
    caller->done(caller, outcome);
}

static void job_join(struct job *job, struct job_caller *caller)
{
    struct outcome outcome = { 0 };

    if (job->n_waiting >= JOB_CALLERS_MAX) {
        sentence_busy(&outcome, "too many wait for that very unit");
        refuse(caller, &outcome, job->unit->name);
        return;
    }
    if (job->n_waiting == 0 && start_deadline(job) < 0) {
        sentence_no_memory(&outcome);
        refuse(caller, &outcome, job->unit->name);
        return;
    }
    job->n_callers++;
    job->n_waiting++;
    TAILQ_INSERT_TAIL(&job->callers, caller, link);
}

void jobs_restart(struct jobs *jobs, const struct job_request *request, struct job_caller *caller)
{
    struct outcome outcome = { 0 };
    struct unit *unit = NULL;
    struct job *job;

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
        refuse(caller, &outcome, request->unit);
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

void jobs_on_reloaded(struct jobs *jobs)
{
    for_each(jobs, job_check);
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
}

static void stop(struct job *job)
{
    if (job->phase == JOB_LOOKING || job->phase == JOB_HELD)
        sentence_stopping_before(&job->outcome);
    else
        sentence_stopping_during(&job->outcome);
    job_end(job);
}

void jobs_stop(struct jobs *jobs)
{
    for_each(jobs, stop);
}

unsigned jobs_running(const struct jobs *jobs)
{
    return jobs->n;
}

int jobs_new(sd_event *event, struct systemd *systemd, struct units *units, uint64_t timeout_usec,
             struct jobs **ret)
{
    struct jobs *jobs = calloc(1, sizeof(*jobs));

    if (!jobs)
        return -ENOMEM;
    jobs->event = sd_event_ref(event);
    jobs->systemd = systemd;
    jobs->units = units;
    jobs->timeout_usec = timeout_usec;
    TAILQ_INIT(&jobs->list);
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
    sd_event_unref(jobs->event);
    free(jobs);
    return NULL;
}
