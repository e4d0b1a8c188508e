/* Jobs under way, at most one for a unit. Whoever asks for the same verb of a unit whose job runs shares that
 * job and its outcome; who asks for another one is told to come back, or waits his turn when that job was not
 * asked of systemd yet. One job goes: look (unless the unit is known), decide, hold (pace.h), call the verb's
 * method, wait for that very job's JobRemoved, read the state after it; then the unit is watched for a while
 * (settle.h). */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/queue.h>
#include <systemd/sd-event.h>

#include "broker/jobs/job-caller.h"
#include "broker/jobs/unit.h"
#include "broker/memory/press.h"
#include "broker/outcome/outcome.h"
#include "broker/systemd/systemd.h"

enum { JOBS_MAX = 64 }; /* at once */

struct jobs;

struct jobs_setup {
    struct presses *presses;   /* the caller's */
    struct counters *counters; /* the caller's; NULL: nothing is counted */
    uint64_t timeout_usec;     /* who waits for a job is answered after that at the latest */
    /* The watch over a unit is over; somebody was answered before. May be NULL. */
    void (*settled)(const struct outcome *outcome, void *userdata);
    void *userdata;
};

/* What systemd tells the jobs hear after `units` did: they go by what is known of a unit then. */
int jobs_new(sd_event *event, struct systemd *systemd, struct units *units, const struct jobs_setup *setup,
             struct jobs **ret);
/* Callers still waiting must have been answered before. Takes NULL. Returns NULL. */
struct jobs *jobs_free(struct jobs *jobs);

/* Has the verb done, or joins the job that is at it. */
void jobs_ask(struct jobs *jobs, const struct job_request *request, struct job_caller *caller);
/* The caller, who waits for that unit and has not been answered, waits no longer; the job goes on. False
 * when it was not asked for yet: then he stays. */
bool jobs_leave(struct jobs *jobs, const char *unit, struct job_caller *caller);

unsigned jobs_running(const struct jobs *jobs);
unsigned jobs_watching(const struct jobs *jobs);

/* The broker ends: everybody is answered. */
void jobs_stop(struct jobs *jobs);
