/* Restarts under way, at most one for a unit. Whoever asks for a unit whose job runs shares that job and its
 * outcome. One job goes: look (unless the unit is known), decide, hold (pace.h), call RestartUnit, wait for
 * that very job's JobRemoved, read the state after it. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/queue.h>
#include <systemd/sd-event.h>

#include "broker/outcome.h"
#include "broker/systemd.h"
#include "broker/unit.h"

enum {
    JOBS_MAX = 64,         /* at once */
    JOB_CALLERS_MAX = 256, /* of one job */
};

struct jobs;

/* Somebody who waits for a job's outcome. */
struct job_caller {
    TAILQ_ENTRY(job_caller) link;
    /* Called exactly once, perhaps from within jobs_restart(). */
    void (*done)(struct job_caller *caller, const struct outcome *outcome);
};

struct job_request {
    const char *unit;       /* a name the policy covers */
    bool start_stopped;     /* its grant's StartStopped= */
    uint64_t cooldown_usec; /* its grant's Cooldown= */
    const char *grant;      /* where that grant is, "FILE:LINE", for people */
};

int jobs_new(sd_event *event, struct systemd *systemd, struct units *units, uint64_t timeout_usec,
             struct jobs **ret);
/* Callers still waiting must have been answered before. Takes NULL. Returns NULL. */
struct jobs *jobs_free(struct jobs *jobs);

/* Restarts the unit, or joins the job that is at it. */
void jobs_restart(struct jobs *jobs, const struct job_request *request, struct job_caller *caller);

unsigned jobs_running(const struct jobs *jobs);

/* What systemd.h tells of. */
void jobs_on_removed(struct jobs *jobs, const char *path, const char *result);
void jobs_on_reloaded(struct jobs *jobs);
void jobs_on_lost(struct jobs *jobs);
/* The broker ends: everybody is answered. */
void jobs_stop(struct jobs *jobs);
