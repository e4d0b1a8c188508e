/* What is asked for, and who waits for what becomes of it: of its job, then of the unit that is
 * watched after it. */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <sys/queue.h>

#include "broker/memory/press-record.h"
#include "broker/outcome/outcome.h"

enum { JOB_CALLERS_MAX = 128 }; /* of one job, and of one watch */

struct job_request {
    const char *unit;       /* a name the policy covers */
    unsigned verb;          /* for this verb */
    bool start_stopped;     /* its grant's StartStopped= */
    uint64_t cooldown_usec; /* its grant's Cooldown= */
    uint64_t settle_usec;   /* its grant's Settle=, or POLICY_SETTLE_BY_TYPE */
    const char *grant;      /* where that grant is, "FILE:LINE", for people */
};

/* The grant's, or the type's, time to watch. */
#define JOB_SETTLE_OWN UINT64_MAX

struct job_caller {
    TAILQ_ENTRY(job_caller) link;
    uint64_t settle_usec; /* how long he lets the unit be watched before he is answered, or JOB_SETTLE_OWN */
    struct press_key press; /* or none */
    const char *user;       /* who he is, for others who share the job; NULL: nobody in particular */
    /* Set by jobs_ask(). */
    bool repeated; /* his press was carried out before */
    bool covered;  /* by a job that somebody else's press had begun */
    /* Called exactly once, perhaps from within jobs_ask(). */
    void (*done)(struct job_caller *caller, const struct outcome *outcome);
};

TAILQ_HEAD(job_caller_list, job_caller);

/* Tells him what is told to all who share the job, and how he stands to it. */
void job_tell_caller(struct job_caller *caller, const struct outcome *outcome);
/* Tells him about a refusal that has to do with nobody else; the outcome knows its verb. */
void job_refuse(struct job_caller *caller, struct outcome *outcome, const char *unit);
/* His press was made for something else. */
void job_refuse_press(struct job_caller *caller, const char *unit, unsigned verb);
