/* What a press means to the jobs. */
#pragma once

#include <stdbool.h>

#include "broker/jobs/job.h"

/* True when the caller's press was carried out before: he was answered, or waits for that job's outcome. Sets
 * caller->repeated. */
bool job_repeat(struct jobs *jobs, const struct job_request *request, struct job_caller *caller);
/* He asks for another verb of the unit while that job is under way: he is told so, or that his press is not
 * new. */
void job_refuse_other(const struct job *job, unsigned verb, struct job_caller *caller);
