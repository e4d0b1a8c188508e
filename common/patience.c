/* One number, one place. */
#include "common/patience.h"

#include "common/clock.h"
#include "common/daemon.h"
#include "common/journal.h"

static uint64_t use_instead(unsigned seconds)
{
    journal_log(LOG_ERR,
                "JOB_TIMEOUT_SEC= in /etc/default/restarter is not between %d and %d; %u is used instead.",
                PATIENCE_JOB_MIN_SEC, PATIENCE_JOB_MAX_SEC, seconds);
    return seconds * USEC_PER_SEC;
}

uint64_t patience_job_usec(void)
{
    uint64_t usec = daemon_setting_usec("JOB_TIMEOUT_SEC", PATIENCE_JOB_SEC * USEC_PER_SEC);

    if (usec < PATIENCE_JOB_MIN_SEC * USEC_PER_SEC)
        return use_instead(PATIENCE_JOB_MIN_SEC);
    if (usec > PATIENCE_JOB_MAX_SEC * USEC_PER_SEC)
        return use_instead(PATIENCE_JOB_MAX_SEC);
    return usec;
}

uint64_t patience_call_usec(uint64_t job_usec)
{
    return job_usec + (PATIENCE_SETTLE_SEC + PATIENCE_MARGIN_SEC) * USEC_PER_SEC;
}
