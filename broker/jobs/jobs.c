/* The table of jobs: who waits for which, and what happens to all of them at once. */
#include "broker/jobs/jobs.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "broker/jobs/job.h"
#include "broker/jobs/job-run.h"
#include "broker/jobs/settles.h"
#include "broker/outcome/sentence.h"
#include "common/clock.h"

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

/* --- a press: asked again with the same one, somebody joins the job, the watch, or is told the outcome ---
 */

/* Two of them at the same moment, before the restart was asked for: one of them counts. */
static const struct job_caller *find_waiting(const struct job *job, const struct press_key *key)
{
    const struct job_caller *caller;

    TAILQ_FOREACH(caller, &job->callers, link)
        if (press_key_same(&caller->press, key))
            break;
    return caller;
}

static void tell_again(const struct press *press, struct job_caller *caller)
{
    struct outcome outcome = press->outcome;

    outcome.repeated = true;
    outcome.covered = press->covered;
    caller->done(caller, &outcome);
}

/* He asks for another verb of the unit while that job is under way: he is told so, or that his press is not
 * new. */
static void refuse_other(const struct job *job, unsigned verb, struct job_caller *caller)
{
    struct outcome outcome = { .verb = verb };

    if (find_waiting(job, &caller->press)) {
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
    caller->covered = press->covered;
    if (unit && unit->job && unit->job->serial == press->serial)
        job_join(unit->job, caller);
    else if (unit && unit->settle && settle_serial(unit->settle) == press->serial)
        settle_join(unit->settle, caller);
    else
        tell_again(press, caller);
}

/* True when the caller's press was carried out before: he was answered, or waits for that job's outcome. Sets
 * caller->repeated and caller->covered. */
static bool repeat(struct jobs *jobs, const struct job_request *request, struct job_caller *caller)
{
    const struct press *press = NULL;
    const struct job_caller *waiting;
    const struct unit *unit;
    const struct job *job;

    caller->repeated = caller->covered = false;
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
        waiting = job ? find_waiting(job, &caller->press) : NULL;
        caller->repeated = waiting;
        caller->covered = waiting && waiting->covered;
        return false;
    }
    return true;
}

/* --- somebody asks --- */

/* True when he shares a job, or was told that another verb is at it. Behind what was not asked of systemd yet
 * he waits his turn instead: a crowd that holds itself back would keep him out for as long as it goes on. */
static bool join(const struct jobs *jobs, const struct unit *unit, unsigned verb, struct job_caller *caller)
{
    struct job *same = jobs_find(jobs, unit, verb);

    if (same)
        job_join(same, caller);
    else if (unit->job && unit->job->phase >= JOB_CALLING)
        refuse_other(unit->job, verb, caller);
    else
        return false;
    return true;
}

void jobs_ask(struct jobs *jobs, const struct job_request *request, struct job_caller *caller)
{
    struct outcome outcome = { .verb = request->verb };
    struct unit *unit = NULL;
    struct job *job = NULL;

    if (repeat(jobs, request, caller))
        return;
    unit = units_get(jobs->units, request->unit);
    if (unit && join(jobs, unit, request->verb, caller))
        return;
    if (!systemd_bus(jobs->systemd))
        sentence_unreachable(&outcome);
    else if (jobs->n >= JOBS_MAX)
        sentence_busy(&outcome, "too many jobs are under way");
    else if (!unit)
        sentence_busy(&outcome, "too many units are at it");
    else if (!(job = job_new(jobs, unit, request)))
        sentence_no_memory(&outcome);
    if (!job) {
        job_refuse(caller, &outcome, request->unit);
        return;
    }
    job_join(job, caller);
    if (job->n_waiting == 0)
        job_free(job);
    else if (unit->job == job)
        job_proceed(job);
}

/* --- all jobs --- */

static void on_removed(const char *path, const char *result, void *userdata)
{
    struct jobs *jobs = userdata;
    struct job *job;

    jobs_note_removal(jobs, path, result);
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

static void on_reloaded(bool settled, void *userdata)
{
    struct jobs *jobs = userdata;

    if (!settled)
        return;
    for_each(jobs, job_check);
    settles_check(&jobs->settles);
}

static void lose(struct job *job)
{
    if (job->phase != JOB_RUNNING)
        return; /* its call was answered with a fault, or it holds and will find nobody there */
    sentence_bus_lost(&job->outcome);
    job_end(job);
}

static void on_lost(void *userdata)
{
    struct jobs *jobs = userdata;

    for_each(jobs, lose);
    settles_lose(&jobs->settles);
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
    settles_end(&jobs->settles, "when the broker was stopped");
}

unsigned jobs_running(const struct jobs *jobs)
{
    return jobs->n;
}

unsigned jobs_watching(const struct jobs *jobs)
{
    return jobs->settles.n;
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
    jobs->presses = setup->presses;
    jobs->counters = setup->counters;
    jobs->timeout_usec = setup->timeout_usec;
    jobs->proceed = job_proceed;
    jobs->settles = (struct settles){
        .event = event,
        .systemd = systemd,
        .units = units,
        .presses = setup->presses,
        .counters = setup->counters,
        .settled = setup->settled,
        .userdata = setup->userdata,
    };
    jobs->listener = (struct systemd_listener){
        .job_removed = on_removed,
        .reloaded = on_reloaded,
        .lost = on_lost,
        .userdata = jobs,
    };
    systemd_listen(systemd, &jobs->listener);
    TAILQ_INIT(&jobs->list);
    TAILQ_INIT(&jobs->settles.list);
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
    settles_free(&jobs->settles);
    systemd_listen_end(jobs->systemd, &jobs->listener);
    sd_event_unref(jobs->event);
    free(jobs);
    return NULL;
}
