/* Wiring: the parts, the listening sockets, and what the daemon's frame asks of them. */
#include "webfront/webfront.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "common/cleanup.h"
#include "common/clock.h"
#include "common/daemon.h"
#include "common/http/http.h"
#include "common/journal.h"
#include "common/patience.h"
#include "common/web-times.h"
#include "webfront/calls/answer.h"
#include "webfront/calls/audit.h"
#include "webfront/calls/calls.h"
#include "webfront/calls/list-cache.h"
#include "webfront/live/live.h"
#include "webfront/far-parts.h"
#include "webfront/logins/logins.h"
#include "webfront/calls/programs.h"
#include "webfront/router.h"
#include "webfront/views/pasts.h"

/* FileDescriptorName= of restarter-webfront.socket, and of restarter-webfront-proxy.socket: they say which
 * front this is. */
#define SOCKET_NAME "http"
#define PROXY_SOCKET_NAME "proxy"
/* Of restarter-webfront-metrics.socket, beside the first of them. */
#define METRICS_SOCKET_NAME "metrics"

/* Shared by all listening sockets, but for the size of a request. */
static const struct http_limits LIMITS = {
    .connections = 256,
    .streams = 1024,
    .body = 16384,
    .headers = 8192,
    .read_usec = 10 * USEC_PER_SEC,
    .write_usec = 10 * USEC_PER_SEC,
    .pending_max = 192, /* all places */
    .send_buffer = 16384,
};
/* Who reads the counters: a few, often. */
static const struct http_limits METRICS_LIMITS = {
    .connections = 16,
    .body = 1024,
    .headers = 8192,
    .read_usec = 10 * USEC_PER_SEC,
    .write_usec = 10 * USEC_PER_SEC,
    .pending_max = 8,
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
    struct http_server *metrics; /* NULL: they have no socket of their own */
    struct audit audit;
    struct parts parts;
    struct names *names;
    struct fars fars;
};

unsigned webfront_connections(const struct webfront *front)
{
    unsigned n = front->metrics ? http_server_connections(front->metrics) : 0;

    for (size_t i = 0; i < front->n_servers; i++)
        n += http_server_connections(front->servers[i]);
    return n;
}

unsigned webfront_pending(const struct webfront *front)
{
    unsigned n = front->metrics ? http_server_pending(front->metrics) : 0;

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

static void on_metrics(struct http_request *request, void *userdata)
{
    router_handle_metrics(webfront_parts(userdata), request);
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
    if (front->metrics)
        http_server_quiesce(front->metrics);
    live_stop(front->parts.live);
    calls_stop(front->parts.calls);
    far_parts_stop(&front->fars);
    if (front->parts.logins)
        logins_stop(front->parts.logins);
}

static void on_stop(void *userdata)
{
    webfront_stop(userdata);
}

static bool is_stopped(void *userdata)
{
    return webfront_connections(userdata) == 0;
}

/* What the open pages show is out of date, too; and if somebody signed out, other machines hear no more of
 * him. */
static void on_drop(void *userdata)
{
    struct webfront *front = userdata;

    names_drop(front->names);
    live_refresh(front->parts.live);
}

/* Whoever is told of a change by an open page, and asks, is not shown a list from before. */
static void on_change(void *userdata)
{
    struct webfront *front = userdata;

    list_cache_drop(front->parts.list);
}

/* --- life --- */

/* Their copies of the parts are made when these are all there, but for the login, which is not theirs. */
static int make_fars(struct webfront *front, const struct settings *settings, unsigned patience)
{
    int r = names_new(webfront_event(front), settings->broker_socket, &front->names);

    if (r >= 0)
        r = far_parts_new(&front->parts, settings, front->names, patience, &front->fars);
    front->parts.fars = front->fars.n > 0 ? &front->fars : NULL;
    return r;
}

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
    const struct web_settings *web = &settings->web.settings;
    struct parts *parts = &front->parts;
    int r;

    parts->event = webfront_event(front);
    parts->web = &settings->web;
    parts->is_proxys = settings->is_proxys;
    parts->vouched = (struct vouched_names){ .user = web->user_header,
                                             .groups = web->groups_header,
                                             .has_groups = web->written & WEB_KEY_GROUPS_HEADER };
    parts->audit = &front->audit;
    parts->servers = front->servers;
    parts->n_servers = &front->n_servers;
    parts->start = (uint64_t)time(NULL);
    r = answers_new(&site, settings->allowed_hosts, &parts->answers);
    if (r < 0)
        return r;
    r = calls_new(webfront_event(front), &terms, &parts->calls);
    if (r < 0)
        return r;
    r = list_cache_new(parts->calls, PLACES_LISTS / n_sockets, &parts->list);
    if (r >= 0)
        r = live_new(webfront_event(front), parts->calls, LIMITS.streams, &parts->live);
    if (r < 0)
        return r;
    list_cache_on_drop(parts->list, on_drop, front);
    live_on_change(parts->live, on_change, front);
    if (r >= 0)
        r = programs_new(router_handle_as, &parts->programs);
    parts->pasts = pasts_new();
    if (r >= 0 && !parts->pasts)
        r = -ENOMEM;
    if (r >= 0)
        r = make_fars(front, settings, site.patience);
    if (r < 0 || !settings->login_socket)
        return r;
    return logins_new(webfront_event(front), settings->login_socket, LOGINS_PATIENCE_USEC, &parts->logins);
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
    limits.streams /= (unsigned)n;
    for (; front->n_servers < n; front->n_servers++) {
        int r = http_server_new(webfront_event(front), listen_fds[front->n_servers], &limits, &http,
                                &front->servers[front->n_servers]);

        if (r < 0)
            return r;
    }
    return 0;
}

int webfront_serve_metrics(struct webfront *front, int listen_fd)
{
    const struct http_callbacks http = {
        .handle = on_metrics, .refuse = on_refused, .activity = on_activity, .userdata = front
    };

    return http_server_new(webfront_event(front), listen_fd, &METRICS_LIMITS, &http, &front->metrics);
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
    web_set_idle_exit(&settings->web.settings, front->daemon);
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
        far_parts_stop_lists(&front->fars);
        list_cache_stop(front->parts.list);
    }
    while (front->n_servers > 0)
        http_server_free(front->servers[--front->n_servers]);
    http_server_free(front->metrics);
    logins_free(front->parts.logins);
    programs_free(front->parts.programs);
    pasts_free(front->parts.pasts);
    far_parts_done(&front->fars);
    names_free(front->names);
    live_free(front->parts.live);
    list_cache_free(front->parts.list);
    calls_free(front->parts.calls);
    answers_free(front->parts.answers);
    daemon_free(front->daemon);
    free(front);
    return NULL;
}

/* 0 as well where there is none, or it is the proxy's front: that one has no such socket. */
static int find_metrics(struct webfront *front, bool is_proxys)
{
    int fd, n = is_proxys ? -ENOENT : daemon_listen_fds(METRICS_SOCKET_NAME, 1, &fd);

    if (n == -ENOENT)
        return 0;
    return n < 0 ? n : webfront_serve_metrics(front, fd);
}

static int run(bool is_proxys, const int listen_fds[], size_t n)
{
    _cleanup_(settings_done) struct settings settings = { .broker_socket = NULL };
    _cleanup_(webfront_freep) struct webfront *front = NULL;
    int r;

    r = settings_read(is_proxys, &settings);
    if (r >= 0)
        r = webfront_new(&settings, listen_fds, n, &front);
    if (r >= 0)
        r = find_metrics(front, is_proxys);
    if (r < 0) {
        journal_log(LOG_ERR, "The web front cannot start: %s", strerror(-r));
        return EXIT_FAILURE;
    }
    return daemon_run(front->daemon);
}

int webfront_run(void)
{
    int listen_fds[WEBFRONT_LISTEN_MAX], n = daemon_listen_fds(SOCKET_NAME, WEBFRONT_LISTEN_MAX, listen_fds);
    bool is_proxys = n == -ENOENT;
    const char *name = is_proxys ? PROXY_SOCKET_NAME : SOCKET_NAME;

    if (is_proxys)
        n = daemon_listen_fds(name, WEBFRONT_LISTEN_MAX, listen_fds);
    if (n < 0) {
        daemon_say_no_socket("restarter-webfront", n == -ENOENT ? SOCKET_NAME : name, WEBFRONT_LISTEN_MAX, n);
        if (n == -ENOENT)
            (void)fputs("systemd starts this program when somebody connects: systemctl start "
                        "restarter-webfront.socket, or restarter-webfront-proxy.socket for a reverse proxy\n",
                        stderr);
        return EXIT_FAILURE;
    }
    return run(is_proxys, listen_fds, (size_t)n);
}
