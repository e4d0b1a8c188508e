/* Wiring: the settings, the sockets, the clock of an idle process, and the end. */
#include "webfront/serve.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/cleanup.h"
#include "common/journal.h"
#include "common/patience.h"
#include "webfront/calls/answer.h"
#include "webfront/calls/calls.h"
#include "webfront/calls/list-cache.h"
#include "webfront/router.h"

#define SOCKET_NAME "http" /* FileDescriptorName= of restarter-webfront.socket */
#define BROKER_SOCKET "/run/restarter/web.sock"

/* Shared by all listening sockets, but for the size of a request. */
static const struct http_limits LIMITS = {
    .connections = 256,
    .body = 16384,
    .headers = 8192,
    .read_usec = 10000000,
    .write_usec = 10000000,
    .pending_max = 192, /* all places */
    .send_buffer = 16384,
};
static const struct app_places PLACES = { .restarts = 96, .reads = 16, .lists = 80 };

static bool requests_pending(const struct app *app)
{
    for (size_t i = 0; i < app->n_servers; i++)
        if (http_server_pending(app->servers[i]) > 0)
            return true;
    return false;
}

static void on_status(char *ret, size_t size, void *userdata)
{
    const struct app *app = userdata;

    (void)snprintf(ret, size,
                   "%u connections, %u requests at the broker; since the start %" PRIu64
                   " restart%s, %" PRIu64 " refused here, %" PRIu64 " unknown",
                   app_connections(app), app->n_restarts + app->n_reads, app->restarts,
                   app->restarts == 1 ? "" : "s", app->refusals, app->unknown);
}

static void on_activity(void *userdata)
{
    struct app *app = userdata;

    daemon_touch(app->daemon);
}

static bool is_busy(void *userdata)
{
    const struct app *app = userdata;

    return app_connections(app) > 0 || requests_pending(app) || app->n_restarts + app->n_reads > 0;
}

void app_stop(struct app *app)
{
    for (size_t i = 0; i < app->n_servers; i++)
        http_server_quiesce(app->servers[i]);
    calls_stop(app);
}

static void on_stop(void *userdata)
{
    app_stop(userdata);
}

static bool is_stopped(void *userdata)
{
    const struct app *app = userdata;

    return app_connections(app) == 0;
}

static void read_settings(struct app *app)
{
    const char *broker = getenv("BROKER_SOCKET");

    app->broker_socket = broker && *broker ? broker : BROKER_SOCKET;
    app->allowed_hosts = getenv("ALLOWED_HOSTS");
    if (gethostname(app->machine, sizeof(app->machine) - 1) < 0)
        app->machine[0] = '\0';
    app->site.machine = app->machine;
    app->restart_usec = patience_call_usec();
    app->site.patience = (unsigned)(app->restart_usec / 1000000) + PATIENCE_MARGIN_SEC;
}

/* Each socket has its part of everything, or those who come by one of them could shut out the others. */
static struct app_places divide(const struct app_places *places, unsigned n)
{
    return (struct app_places){ places->restarts / n, places->reads / n, places->lists / n };
}

static int serve(struct app *app, const int listen_fds[], size_t n)
{
    const struct http_callbacks http = {
        .handle = router_handle, .refuse = router_refuse, .activity = on_activity, .userdata = app
    };
    struct http_limits limits = LIMITS;
    int r = 0;

    limits.connections /= (unsigned)n;
    limits.pending_max /= n;
    while (r >= 0 && app->n_servers < n) {
        r = http_server_new(app->event, listen_fds[app->n_servers], &limits, &http,
                            &app->servers[app->n_servers]);
        app->n_servers += r >= 0;
    }
    return r;
}

int app_new(struct app *app, const int listen_fds[], size_t n)
{
    const struct daemon_callbacks daemon = {
        .busy = is_busy, .stop = on_stop, .stopped = is_stopped, .status = on_status, .userdata = app
    };
    int r;

    *app = (struct app){ .calls = LIST_HEAD_INITIALIZER(app->calls), .places = divide(&PLACES, (unsigned)n) };
    read_settings(app);
    app->answers = answers_new();
    r = app->answers ? daemon_new(&daemon, &app->daemon) : -ENOMEM;
    if (r < 0)
        return r;
    app->event = daemon_event(app->daemon);
    r = list_cache_new(app->event, app->broker_socket, APP_READ_USEC, app->places.lists, &app->list);
    if (r >= 0)
        r = serve(app, listen_fds, n);
    return r;
}

void app_done(struct app *app)
{
    /* The library aborts when a request is left pending. */
    if (app->n_servers > 0) {
        app_stop(app);
        list_cache_stop(app->list);
    }
    while (app->n_servers > 0)
        http_server_free(app->servers[--app->n_servers]);
    list_cache_free(app->list);
    answers_free(app->answers);
    daemon_free(app->daemon);
}

int app_run(void)
{
    int listen_fds[APP_LISTEN_MAX], n, status = EXIT_FAILURE, r;
    struct app app;

    n = daemon_listen_fds(SOCKET_NAME, APP_LISTEN_MAX, listen_fds);
    if (n < 0) {
        daemon_say_no_socket("restarter-webfront", SOCKET_NAME, APP_LISTEN_MAX, n);
        (void)fputs("systemd starts this program when somebody connects: systemctl start "
                    "restarter-webfront.socket\n",
                    stderr);
        return EXIT_FAILURE;
    }
    r = app_new(&app, listen_fds, (size_t)n);
    if (r < 0)
        journal_log(LOG_ERR, "The web front cannot start: %s", strerror(-r));
    else
        status = daemon_run(app.daemon);
    app_done(&app);
    return status;
}
