/* The way of one job, from the first look at its unit to the state after it. */
#pragma once

#include "broker/jobs/job.h"

/* Takes the job one step on, from anywhere before the call was sent. May end it. */
void job_proceed(struct job *job);
/* systemd says that the job is over. */
void job_over(struct job *job, const char *result);
/* Asks whether a running job still exists; its end may have been missed. */
void job_check(struct job *job);
