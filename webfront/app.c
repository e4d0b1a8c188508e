/* Putting the web front together, and its life: serve, be idle, stop. */
#include "webfront/app.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/cleanup.h"
#include "common/journal.h"
#include "webfront/answer.h"
#include "webfront/calls.h"
#include "webfront/list-cache.h"
#include "webfront/repeats.h"
#include "webfront/router.h"

#define SOCKET_NAME "http" /* FileDescriptorName= of restarter-webfront.socket */
#define BROKER_SOCKET "/run/restarter/web.sock"

static const struct http_limits LIMITS = {
    .connections = 256,
    .body = 16384,
    .headers = 8192,
    .read_usec = 10000000,
    .write_usec = 10000000,
    .pending_max = 256,
};

uint64_t app_now(const struct app *app)
{
    uint64_t usec = 0;

    (void)sd_event_now(app->event, CLOCK_MONOTONIC, &usec);
    return usec;
}

void app_status(struct app *app)
{
    daemon_status(app->daemon,
                  "%u connections, %u requests at the broker; since the start %" PRIu64 " restart%s, %" PRIu64
                  " refused here",
                  http_server_connections(app->server), app->n_calls, app->restarts,
                  app->restarts == 1 ? "" : "s", app->refusals);
}

static void on_activity(void *userdata)
{
    struct app *app = userdata;

    daemon_touch(app->daemon);
}

static bool is_busy(void *userdata)
{
    const struct app *app = userdata;

    return http_server_connections(app->server) > 0 || http_server_pending(app->server) > 0 ||
           app->n_calls > 0;
}

void app_stop(struct app *app)
{
    http_server_quiesce(app->server);
    calls_stop(app);
    list_cache_stop(app->list);
}

static void on_stop(void *userdata)
{
    app_stop(userdata);
}

static bool is_stopped(void *userdata)
{
    const struct app *app = userdata;

    return http_server_connections(app->server) == 0;
}

static int open_socket(void)
{
    int fd = daemon_listen_fd(SOCKET_NAME);

    if (fd < 0)
        (void)fprintf(
            stderr,
            "restarter-webfront: no listening socket was passed under the name '" SOCKET_NAME "' (%s).\n"
            "systemd starts this program when somebody connects: systemctl start restarter-webfront.socket\n",
            strerror(-fd));
    return fd;
}

static void read_settings(struct app *app)
{
    const char *broker = getenv("BROKER_SOCKET");

    app->broker_socket = broker && *broker ? broker : BROKER_SOCKET;
    app->allowed_hosts = getenv("ALLOWED_HOSTS");
    if (gethostname(app->machine, sizeof(app->machine) - 1) < 0)
        app->machine[0] = '\0';
    app->site.machine = app->machine;
}

int app_new(struct app *app, int listen_fd)
{
    const struct daemon_callbacks daemon = {
        .busy = is_busy, .stop = on_stop, .stopped = is_stopped, .userdata = app
    };
    const struct http_callbacks http = {
        .handle = router_handle, .refuse = router_refuse, .activity = on_activity, .userdata = app
    };
    int r;

    *app = (struct app){ .calls = LIST_HEAD_INITIALIZER(app->calls) };
    read_settings(app);
    app->answers = answers_new();
    app->repeats = repeats_new();
    r = app->answers && app->repeats ? daemon_new(&daemon, &app->daemon) : -ENOMEM;
    if (r < 0)
        return r;
    app->event = daemon_event(app->daemon);
    r = list_cache_new(app->event, app->broker_socket, APP_READ_USEC, &app->list);
    if (r >= 0)
        r = http_server_new(app->event, listen_fd, &LIMITS, &http, &app->server);
    if (r >= 0)
        app_status(app);
    return r;
}

void app_done(struct app *app)
{
    /* The library aborts when a request is left pending. */
    if (app->server)
        app_stop(app);
    http_server_free(app->server);
    list_cache_free(app->list);
    answers_free(app->answers);
    repeats_free(app->repeats);
    daemon_free(app->daemon);
}

int app_run(void)
{
    struct app app;
    int listen_fd = open_socket(), status = EXIT_FAILURE, r;

    if (listen_fd < 0)
        return EXIT_FAILURE;
    r = app_new(&app, listen_fd);
    if (r < 0)
        journal_log(LOG_ERR, "The web front cannot start: %s", strerror(-r));
    else
        status = daemon_run(app.daemon);
    app_done(&app);
    return status;
}
