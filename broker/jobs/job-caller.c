/* What is said to one caller alone. */
#include "broker/jobs/job-caller.h"

#include <stdio.h>

void job_refuse(struct job_caller *caller, struct outcome *outcome, const char *unit)
{
    (void)snprintf(outcome->unit, sizeof(outcome->unit), "%s", unit);
    caller->done(caller, outcome);
}
