/* What a press means to the jobs. */
#pragma once

#include <stdbool.h>

#include "broker/jobs/job.h"

/* True when the caller's press was carried out before: he was answered, or waits for that job's outcome. Sets
 * caller->repeated. */
bool job_repeat(struct jobs *jobs, const struct job_request *request, struct job_caller *caller);
