/* Putting the web front together, and its life: serve, be idle, stop. */
#pragma once

#include <stddef.h>

#include "webfront/calls/app.h"

/* Puts together what serves the listening sockets (APP_LISTEN_MAX at most), with its settings from the
 * environment; nothing runs yet. 0 or a negative errno; app_done() in either case. */
int app_new(struct app *app, const int listen_fds[], size_t n);
void app_done(struct app *app);

/* Takes nothing new, and answers everybody who waits for a restart. Who waits for the list gets it, or learns
 * within APP_READ_USEC that it does not come. */
void app_stop(struct app *app);

/* The whole life of the process; its exit status. */
int app_run(void);
