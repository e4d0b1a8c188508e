/* Wiring: the parts, the listening sockets, and what the daemon's frame asks of them. */
#include "webfront/webfront.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/cleanup.h"
#include "common/clock.h"
#include "common/daemon.h"
#include "common/http/http.h"
#include "common/journal.h"
#include "common/patience.h"
#include "webfront/calls/answer.h"
#include "webfront/calls/audit.h"
#include "webfront/calls/calls.h"
#include "webfront/calls/list-cache.h"
#include "webfront/router.h"

#define SOCKET_NAME "http" /* FileDescriptorName= of restarter-webfront.socket */

/* Shared by all listening sockets, but for the size of a request. */
static const struct http_limits LIMITS = {
    .connections = 256,
    .body = 16384,
    .headers = 8192,
    .read_usec = 10 * USEC_PER_SEC,
    .write_usec = 10 * USEC_PER_SEC,
    .pending_max = 192, /* all places */
    .send_buffer = 16384,
};
/* How many requests may wait at once, by what they wait for: reads never take the places of restarts. */
enum {
    PLACES_RESTARTS = 96,
    PLACES_READS = 16, /* of one unit's state, for instance */
    PLACES_LISTS = 80, /* for the list: pages and programs alike */
};

struct webfront {
    struct daemon *daemon;
    struct http_server *servers[WEBFRONT_LISTEN_MAX];
    size_t n_servers;
    struct audit audit;
    struct parts parts;
};

unsigned webfront_connections(const struct webfront *front)
{
    unsigned n = 0;

    for (size_t i = 0; i < front->n_servers; i++)
        n += http_server_connections(front->servers[i]);
    return n;
}

unsigned webfront_pending(const struct webfront *front)
{
    unsigned n = 0;

    for (size_t i = 0; i < front->n_servers; i++)
        n += http_server_pending(front->servers[i]);
    return n;
}

sd_event *webfront_event(const struct webfront *front)
{
    return daemon_event(front->daemon);
}

struct parts *webfront_parts(struct webfront *front)
{
    return &front->parts;
}

/* --- what the sockets and the daemon's frame ask --- */

static void on_request(struct http_request *request, void *userdata)
{
    router_handle(webfront_parts(userdata), request);
}

static void on_refused(struct http_request *request, unsigned status, const char *reason, void *userdata)
{
    router_refuse(webfront_parts(userdata), request, status, reason);
}

static void on_status(char *ret, size_t size, void *userdata)
{
    const struct webfront *front = userdata;
    const struct audit *audit = &front->audit;

    (void)snprintf(ret, size,
                   "%u connections, %u requests at the broker; since the start %" PRIu64
                   " restart%s, %" PRIu64 " refused here, %" PRIu64 " unknown",
                   webfront_connections(front), calls_under_way(front->parts.calls), audit->restarts,
                   audit->restarts == 1 ? "" : "s", audit->refusals, audit->unknown);
}

static void on_activity(void *userdata)
{
    struct webfront *front = userdata;

    daemon_touch(front->daemon);
}

static bool is_busy(void *userdata)
{
    const struct webfront *front = userdata;

    return webfront_connections(front) > 0 || webfront_pending(front) > 0 ||
           calls_under_way(front->parts.calls) > 0;
}

void webfront_stop(struct webfront *front)
{
    for (size_t i = 0; i < front->n_servers; i++)
        http_server_quiesce(front->servers[i]);
    calls_stop(front->parts.calls);
}

static void on_stop(void *userdata)
{
    webfront_stop(userdata);
}

static bool is_stopped(void *userdata)
{
    return webfront_connections(userdata) == 0;
}

/* --- life --- */

static int make_parts(struct webfront *front, const struct settings *settings, unsigned n_sockets)
{
    const struct page_site site = {
        .machine = settings->machine,
        .patience = (unsigned)(settings->patience_usec / USEC_PER_SEC) + PATIENCE_MARGIN_SEC,
    };
    const struct calls_terms terms = {
        .broker_socket = settings->broker_socket,
        .patience_usec = settings->patience_usec,
        .restarts = PLACES_RESTARTS / n_sockets,
        .reads = PLACES_READS / n_sockets,
    };
    struct parts *parts = &front->parts;
    int r;

    parts->audit = &front->audit;
    r = answers_new(&site, settings->allowed_hosts, &parts->answers);
    if (r < 0)
        return r;
    r = calls_new(webfront_event(front), &terms, &parts->calls);
    if (r < 0)
        return r;
    return list_cache_new(parts->calls, PLACES_LISTS / n_sockets, &parts->list);
}

/* Each socket has its part of everything, or those who come by one of them could shut out the others. */
static int serve(struct webfront *front, const int listen_fds[], size_t n)
{
    const struct http_callbacks http = {
        .handle = on_request, .refuse = on_refused, .activity = on_activity, .userdata = front
    };
    struct http_limits limits = LIMITS;

    limits.connections /= (unsigned)n;
    limits.pending_max /= n;
    for (; front->n_servers < n; front->n_servers++) {
        int r = http_server_new(webfront_event(front), listen_fds[front->n_servers], &limits, &http,
                                &front->servers[front->n_servers]);

        if (r < 0)
            return r;
    }
    return 0;
}

DEFINE_CLEANUP(struct webfront *, webfront_free);

int webfront_new(const struct settings *settings, const int listen_fds[], size_t n, struct webfront **ret)
{
    _cleanup_(webfront_freep) struct webfront *front = calloc(1, sizeof(*front));
    const struct daemon_callbacks daemon = {
        .busy = is_busy, .stop = on_stop, .stopped = is_stopped, .status = on_status, .userdata = front
    };
    int r;

    if (!front)
        return -ENOMEM;
    r = daemon_new(&daemon, &front->daemon);
    if (r < 0)
        return r;
    r = make_parts(front, settings, (unsigned)n);
    if (r < 0)
        return r;
    r = serve(front, listen_fds, n);
    if (r < 0)
        return r;
    *ret = TAKE_PTR(front);
    return 0;
}

struct webfront *webfront_free(struct webfront *front)
{
    if (!front)
        return NULL;
    /* The library aborts when a request is left pending. */
    if (front->n_servers > 0) {
        webfront_stop(front);
        list_cache_stop(front->parts.list);
    }
    while (front->n_servers > 0)
        http_server_free(front->servers[--front->n_servers]);
    list_cache_free(front->parts.list);
    calls_free(front->parts.calls);
    answers_free(front->parts.answers);
    daemon_free(front->daemon);
    free(front);
    return NULL;
}

static int run(const int listen_fds[], size_t n)
{
    _cleanup_(webfront_freep) struct webfront *front = NULL;
    struct settings settings;
    int r;

    settings_read(&settings);
    r = webfront_new(&settings, listen_fds, n, &front);
    if (r < 0) {
        journal_log(LOG_ERR, "The web front cannot start: %s", strerror(-r));
        return EXIT_FAILURE;
    }
    return daemon_run(front->daemon);
}

int webfront_run(void)
{
    int listen_fds[WEBFRONT_LISTEN_MAX], n = daemon_listen_fds(SOCKET_NAME, WEBFRONT_LISTEN_MAX, listen_fds);

    if (n < 0) {
        daemon_say_no_socket("restarter-webfront", SOCKET_NAME, WEBFRONT_LISTEN_MAX, n);
        (void)fputs("systemd starts this program when somebody connects: systemctl start "
                    "restarter-webfront.socket\n",
                    stderr);
        return EXIT_FAILURE;
    }
    return run(listen_fds, (size_t)n);
}
