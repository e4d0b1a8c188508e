/* Shared by job.c (the table and its callers) and job-run.c (the way of one job); nobody else includes it. */
#pragma once

#include "broker/job.h"
#include "broker/settle.h"
#include "broker/systemd-call.h"

enum {
    JOB_PATH_SIZE = 64, /* "/org/freedesktop/systemd1/job/4294967295" */
    REMOVED_MAX = 32,   /* removals remembered, for the case that one overtakes the reply that names it */
};

enum job_phase {
    JOB_LOOKING, /* the unit's state is asked for */
    JOB_HELD,    /* until pace allows the next one */
    JOB_CALLING, /* RestartUnit was sent */
    JOB_RUNNING, /* systemd gave the job's path */
    JOB_READING, /* it is over, and the state after it is asked for */
};

TAILQ_HEAD(job_list, job);
TAILQ_HEAD(settle_list, settle);

struct job {
    TAILQ_ENTRY(job) link;
    struct jobs *jobs;
    struct unit *unit;
    enum job_phase phase;
    bool start_stopped, looked;
    uint64_t serial; /* from 1 */
    uint64_t cooldown_usec, settle_usec;
    char grant[128];
    struct job_caller_list callers;
    unsigned n_callers, n_waiting; /* ever, and now */
    uint64_t called_usec, start_before_usec, last_before_usec;
    char path[JOB_PATH_SIZE];
    struct unit_state told; /* of the unit, when the job was over */
    bool told_all;          /* and nothing was missed since RestartUnit was sent */
    struct systemd_call *call, *file_call;
    uint64_t hold_usec; /* when it began to be held; 0: it is not */
    sd_event_source *hold, *deadline;
    struct outcome outcome;
};

struct job_removal {
    char path[JOB_PATH_SIZE];
    char result[UNIT_WORD_SIZE];
};

struct jobs {
    sd_event *event;
    struct systemd *systemd;
    struct units *units;
    struct jobs_setup setup;
    uint64_t last_serial;
    struct job_list list;
    unsigned n;
    struct settle_list settles; /* the one that began longest ago first */
    unsigned n_settles;
    struct job_removal removals[REMOVED_MAX];
    unsigned next_removal;
};

/* The result of a job that is over already, or NULL. */
const char *jobs_removal(const struct jobs *jobs, const char *path);

/* Tells everybody who waits; the job stays. */
void job_tell(struct job *job);
/* Tells everybody who waits, and ends the job. */
void job_end(struct job *job);

/* The job is done as such, and the outcome says what it came to: its callers go over to the watch. */
void job_hand_over(struct job *job);
/* Puts somebody into a job that is on its way. */
void job_join(struct job *job, struct job_caller *caller);
/* Tells somebody about a refusal that has to do with nobody else. */
void job_refuse(struct job_caller *caller, struct outcome *outcome, const char *unit);

/* True when the caller's press was carried out before: he was answered, or waits for that job's outcome. */
bool job_repeat(struct jobs *jobs, const struct job_request *request, struct job_caller *caller);
/* RestartUnit is about to be sent, or was: the presses of who waits are written down. */
void job_note_presses(struct job *job);
void job_note_press(struct job *job, struct job_caller *caller);

/* Takes the job one step on, from anywhere before RestartUnit was sent. May end it. */
void job_proceed(struct job *job);
/* systemd says that the job is over. */
void job_over(struct job *job, const char *result);
/* Asks whether a running job still exists; its end may have been missed. */
void job_check(struct job *job);
