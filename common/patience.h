/* How long one waits for a restart. There is one setting for it, JobTimeoutSec= in webfront.conf
 * (web-times.h) or JOB_TIMEOUT_SEC= in /etc/default/restarter, which both daemons read: after that time the
 * broker answers although the job still runs. Everybody further out waits as much longer as those further in
 * may take. */
#pragma once

#include <stdint.h>

enum {
    PATIENCE_JOB_SEC = 120, /* JOB_TIMEOUT_SEC=, unless it is set */
    PATIENCE_JOB_MIN_SEC = 1,
    PATIENCE_JOB_MAX_SEC = 3600,
    PATIENCE_SETTLE_SEC = 60, /* the longest watch over a unit after its job */
    PATIENCE_MARGIN_SEC = 10, /* from one to the next further out */
    /* For who calls the broker and does not know the setting. */
    PATIENCE_CALL_MAX_SEC = PATIENCE_JOB_MAX_SEC + PATIENCE_SETTLE_SEC + PATIENCE_MARGIN_SEC,
};

/* The environment's, in microseconds; another value is said in the journal, and the nearest one that may be
 * is used. */
uint64_t patience_job_usec(void);
/* For who calls the broker: its time for a job, the watch after it, and a margin. */
uint64_t patience_call_usec(uint64_t job_usec);
