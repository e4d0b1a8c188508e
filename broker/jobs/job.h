/* One job: whom it is for, and how it ends. Its way from one step to the next is job-run.h's. */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <sys/queue.h>
#include <systemd/sd-event.h>

#include "broker/jobs/job-caller.h"
#include "broker/jobs/settle.h"
#include "broker/jobs/unit.h"
#include "broker/systemd/systemd-call.h"

enum {
    JOB_PATH_SIZE = 64, /* "/org/freedesktop/systemd1/job/4294967295" */
    REMOVED_MAX = 32,   /* removals remembered, for the case that one overtakes the reply that names it */
};

enum job_phase {
    JOB_LOOKING, /* the unit's state is asked for */
    JOB_HELD,    /* until pace allows the next one, or the unit's job before it is over */
    JOB_CALLING, /* the verb's method was called */
    JOB_RUNNING, /* systemd gave the job's path */
    JOB_READING, /* it is over, and the state after it is asked for */
};

TAILQ_HEAD(job_list, job);

struct job {
    TAILQ_ENTRY(job) link;
    struct jobs *jobs;
    struct unit *unit;
    enum job_phase phase;
    unsigned verb;
    bool starts; /* the unit, as far as its state tells before the call; else it is reloaded, or nothing is
                    done */
    bool start_stopped, looked;
    uint64_t serial; /* from 1 */
    uint64_t cooldown_usec, settle_usec;
    char grant[128];
    struct job_caller_list callers;
    unsigned n_callers, n_waiting; /* ever, and now */
    uint64_t asked_usec;           /* when it was made, before it is called */
    uint64_t called_usec, start_before_usec, last_before_usec;
    char path[JOB_PATH_SIZE];
    struct unit_state told; /* of the unit, when the job was over */
    bool told_all;          /* and nothing was missed since it was called */
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
    struct systemd_listener listener;
    struct units *units;
    struct presses *presses;   /* the caller's */
    struct counters *counters; /* the caller's, or NULL */
    uint64_t timeout_usec;     /* who waits for a job is answered after that at the latest */
    uint64_t last_serial;
    struct job_list list;
    unsigned n;
    struct settles settles;
    struct job_removal removals[REMOVED_MAX];
    unsigned next_removal;
    void (*proceed)(struct job *job); /* job-run.h's, for a job whose turn it is */
};

/* It is the unit's job, or waits its turn behind that one. */
struct job *job_new(struct jobs *jobs, struct unit *unit, const struct job_request *request);
/* Nobody is answered. Returns NULL. */
struct job *job_free(struct job *job);

/* Puts somebody into a job that is on its way. */
void job_join(struct job *job, struct job_caller *caller);
/* The call is about to be sent: the presses of who waits are written down. Who cannot be remembered is
 * refused. */
void job_note_presses(struct job *job);

/* Tells everybody who waits, and ends the job. */
void job_end(struct job *job);
/* The job is done as such, and the outcome says what it came to: its callers go over to the watch. */
void job_hand_over(struct job *job);

/* The unit's job for that verb, under way or waiting its turn; NULL: there is none. */
struct job *jobs_find(const struct jobs *jobs, const struct unit *unit, unsigned verb);

/* Remembers how a job of systemd's ended; its result, or NULL. */
void jobs_note_removal(struct jobs *jobs, const char *path, const char *result);
const char *jobs_removal(const struct jobs *jobs, const char *path);
