/* Times that both daemons take from webfront.conf, or else from the environment (/etc/default/restarter). */
#pragma once

#include <stdint.h>

#include "common/daemon.h"
#include "common/web-settings.h"

/* JobTimeoutSec=, JOB_TIMEOUT_SEC=, or the default: see patience.h. In microseconds. */
uint64_t web_job_usec(const struct web_settings *settings);

/* IdleExitSec=, where it is written; otherwise the daemon has its IDLE_EXIT_SEC= already. */
void web_set_idle_exit(const struct web_settings *settings, struct daemon *daemon);
