/* What is said to one caller alone. */
#include "broker/jobs/job-caller.h"

#include <stdio.h>

#include "broker/outcome/sentence.h"

void job_tell_caller(struct job_caller *caller, const struct outcome *outcome)
{
    struct outcome o = *outcome;

    o.repeated = caller->repeated;
    o.covered = caller->covered;
    caller->done(caller, &o);
}

void job_refuse(struct job_caller *caller, struct outcome *outcome, const char *unit)
{
    (void)snprintf(outcome->unit, sizeof(outcome->unit), "%s", unit);
    caller->done(caller, outcome);
}

void job_refuse_press(struct job_caller *caller, const char *unit, unsigned verb)
{
    struct outcome outcome = { .verb = verb };

    sentence_press(&outcome);
    job_refuse(caller, &outcome, unit);
}
