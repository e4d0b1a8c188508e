/* The web front as a whole: its parts put together, and its life: serve, be idle, stop. */
#pragma once

#include <stddef.h>
#include <systemd/sd-event.h>

#include "webfront/calls/parts.h"
#include "webfront/settings.h"

enum {
    WEBFRONT_LISTEN_MAX = 4, /* listening sockets: IPv4, IPv6, another port */
};

struct webfront;

/* Puts together what serves the listening sockets, 1 to WEBFRONT_LISTEN_MAX, which stay the caller's; nothing
 * runs yet. The settings stay the caller's, too, and live longer. 0 or a negative errno. */
int webfront_new(const struct settings *settings, const int listen_fds[], size_t n, struct webfront **ret);
/* Serves /metrics, and nothing else, at one more socket, which stays the caller's. 0 or a negative errno. */
int webfront_serve_metrics(struct webfront *front, int listen_fd);
/* Takes NULL. Returns NULL. */
struct webfront *webfront_free(struct webfront *front);

/* Takes nothing new, and answers everybody who waits for a restart. Who waits for the list gets it, or learns
 * within CALLS_READ_USEC that it does not come. */
void webfront_stop(struct webfront *front);

/* Borrowed. */
sd_event *webfront_event(const struct webfront *front);
struct parts *webfront_parts(struct webfront *front);
/* Connections that are open, and requests that have no answer yet, over all sockets. */
unsigned webfront_connections(const struct webfront *front);
unsigned webfront_pending(const struct webfront *front);

/* The whole life of the process; its exit status. */
int webfront_run(void);
