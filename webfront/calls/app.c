/* Two questions that more than one part asks. */
#include "webfront/calls/app.h"

uint64_t app_now(const struct app *app)
{
    uint64_t usec = 0;

    (void)sd_event_now(app->event, CLOCK_MONOTONIC, &usec);
    return usec;
}

unsigned app_connections(const struct app *app)
{
    unsigned n = 0;

    for (size_t i = 0; i < app->n_servers; i++)
        n += http_server_connections(app->servers[i]);
    return n;
}
