/* A key that is written wins. */
#include "common/web-times.h"

#include "common/clock.h"
#include "common/patience.h"

uint64_t web_job_usec(const struct web_settings *settings)
{
    return settings->written & WEB_KEY_JOB_TIMEOUT ? settings->job_timeout_sec * USEC_PER_SEC
                                                   : patience_job_usec();
}

void web_set_idle_exit(const struct web_settings *settings, struct daemon *daemon)
{
    if (settings->written & WEB_KEY_IDLE_EXIT)
        daemon_set_idle_exit(daemon, settings->idle_exit_sec * USEC_PER_SEC);
}
