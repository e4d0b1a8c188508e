/* The server: its requests, as libmicrohttpd tells of them. */
#include <errno.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/socket.h>

#include "common/cleanup.h"
#include "common/http/http-connection.h"
#include "common/http/http-parts.h"
#include "common/http/http-request.h"
#include "common/http/http-stream.h"

DEFINE_CLEANUP(struct http_server *, http_server_free);

static void note_activity(struct http_server *server)
{
    if (server->callbacks.activity)
        server->callbacks.activity(server->callbacks.userdata);
}

static void on_connection(void *userdata, struct MHD_Connection *mhd, void **socket_context,
                          enum MHD_ConnectionNotificationCode code)
{
    struct http_server *server = userdata;

    if (code == MHD_CONNECTION_NOTIFY_STARTED) {
        *socket_context = http_connection_new(server, mhd);
    } else {
        *socket_context = http_connection_free(*socket_context);
    }
    note_activity(server);
}

/* --- requests --- */

static void *on_request_line(void *userdata, const char *uri, struct MHD_Connection *mhd)
{
    const union MHD_ConnectionInfo *info = MHD_get_connection_info(mhd, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
    struct http_request *request = calloc(1, sizeof(*request));

    if (!request)
        return NULL;
    request->server = userdata;
    request->mhd = mhd;
    request->connection = info->socket_context;
    if (request->connection)
        request->connection->request = request;
    http_request_set_uri(request, uri);
    return request;
}

static void on_completed(void *userdata, _unused_ struct MHD_Connection *mhd, void **request_context,
                         _unused_ enum MHD_RequestTerminationCode code)
{
    struct http_server *server = userdata;
    struct http_request *request = *request_context;

    if (!request)
        return;
    *request_context = NULL;
    if (request->stream)
        http_stream_left(request->stream);
    if (request->connection) {
        request->connection->request = NULL;
        request->connection->answered_before = true;
        http_connection_begin(request->connection, HTTP_PHASE_READING);
        http_connection_retire(request->connection);
    }
    if (request->shared)
        http_shared_unref(request->shared);
    else if (request->response)
        MHD_destroy_response(request->response);
    free(request->body);
    free(request);
    note_activity(server);
}

static enum MHD_Result queue_reply(struct http_request *request)
{
    if (!request->response)
        return MHD_NO;
    http_connection_begin(request->connection, request->stream ? HTTP_PHASE_STREAMING : HTTP_PHASE_WRITING);
    return MHD_queue_response(request->mhd, request->status, request->response);
}

static enum MHD_Result refuse(struct http_request *request, unsigned status, const char *reason)
{
    const struct http_callbacks *callbacks = &request->server->callbacks;

    callbacks->refuse(request, status, reason, callbacks->userdata);
    return queue_reply(request);
}

static enum MHD_Result first_look(struct http_request *request, const char *method, const char *version)
{
    const char *reason = NULL;
    unsigned status;

    request->seen = true;
    request->method = http_method_from_string(method);
    status = http_request_screen(request, version, request->server->limits.body, &reason);
    return status != 0 ? refuse(request, status, reason) : MHD_YES;
}

static enum MHD_Result hand_over(struct http_request *request)
{
    struct http_server *server = request->server;

    if (server->n_pending >= server->limits.pending_max)
        return refuse(request, MHD_HTTP_TOO_MANY_REQUESTS,
                      "Too many requests are waiting. Try again in a moment.");
    request->handed_over = true;
    server->callbacks.handle(request, server->callbacks.userdata);
    if (request->replied)
        return queue_reply(request);
    http_connection_begin(request->connection, HTTP_PHASE_PENDING);
    request->suspended = true;
    server->n_pending++;
    MHD_suspend_connection(request->mhd);
    return MHD_YES;
}

/* Called by the library when the headers are there, for each piece of the body, at its end, and after a
 * resume. */
static enum MHD_Result on_access(_unused_ void *userdata, _unused_ struct MHD_Connection *mhd,
                                 _unused_ const char *url, const char *method, const char *version,
                                 const char *upload_data, size_t *upload_data_size, void **request_context)
{
    struct http_request *request = *request_context;

    /* What a cut connection's socket still held must not be done: its client was told that it was too late.
     * Nor what comes at the very end, when nobody would answer it. */
    if (!request || !request->connection || request->connection->cut ||
        (request->server->ended && !request->replied))
        return MHD_NO;
    if (!request->seen)
        return http_connection_drain(request->connection) ? MHD_YES : first_look(request, method, version);
    if (*upload_data_size > 0) {
        if (!http_request_append_body(request, upload_data, *upload_data_size))
            return MHD_NO;
        *upload_data_size = 0;
        return MHD_YES;
    }
    return request->replied ? queue_reply(request) : hand_over(request);
}

/* Nothing here speaks TLS, yet libmicrohttpd prepares GnuTLS for it as soon as it is loaded: 120 kB of heap,
 * 600 kB of code touched, a quarter of a millisecond. The loader takes this function before GnuTLS' own;
 * GNUTLS_NO_IMPLICIT_INIT=1 in the services' environment keeps that library from doing it by itself. */
int gnutls_global_init(void);
int gnutls_global_init(void)
{
    return 0;
}

static struct MHD_Daemon *start_library(struct http_server *server, int listen_fd)
{
    struct MHD_OptionItem options[] = {
        { MHD_OPTION_LISTEN_SOCKET, listen_fd, NULL },
        { MHD_OPTION_CONNECTION_LIMIT, (intptr_t)server->limits.connections + server->limits.streams, NULL },
        { MHD_OPTION_CONNECTION_MEMORY_LIMIT, (intptr_t)server->limits.headers, NULL },
        { MHD_OPTION_CONNECTION_TIMEOUT, 0, NULL },
        { MHD_OPTION_NOTIFY_CONNECTION, (intptr_t)on_connection, server },
        { MHD_OPTION_NOTIFY_COMPLETED, (intptr_t)on_completed, server },
        { MHD_OPTION_URI_LOG_CALLBACK, (intptr_t)on_request_line, server },
        { MHD_OPTION_STRICT_FOR_CLIENT, 1, NULL },
        { MHD_OPTION_END, 0, NULL },
    };

    return MHD_start_daemon(MHD_USE_EPOLL | MHD_USE_TURBO | MHD_ALLOW_SUSPEND_RESUME, 0, NULL, NULL,
                            on_access, server, MHD_OPTION_ARRAY, options, MHD_OPTION_END);
}

/* --- the library on the event loop --- */

/* By what was measured of 0.9.75: its epoll descriptor is a source of the loop; after a resume or a close it
 * must be run although nothing is readable, so both take a turn; it is never run from its own callbacks. */
enum { RUNS_MAX = 4 }; /* runs of the library in a row before others get a turn */

/* Runs the library until it has nothing more to do at once, or its turn is over. */
static void pump(struct http_server *server)
{
    MHD_UNSIGNED_LONG_LONG timeout = 1;

    for (int i = 0; i < RUNS_MAX; i++) {
        (void)MHD_run(server->mhd);
        if (MHD_get_timeout(server->mhd, &timeout) != MHD_YES || timeout > 0)
            return;
    }
    http_pump_arm(server);
}

static int on_io(_unused_ sd_event_source *source, _unused_ int fd, _unused_ uint32_t revents, void *userdata)
{
    pump(userdata);
    return 0;
}

static int on_pump(_unused_ sd_event_source *source, _unused_ uint64_t usec, void *userdata)
{
    pump(userdata);
    return 0;
}

/* Runs the library from now on whenever something is readable. 0 or a negative errno. */
static int start_pump(struct http_server *server)
{
    const union MHD_DaemonInfo *info = MHD_get_daemon_info(server->mhd, MHD_DAEMON_INFO_EPOLL_FD);
    int r;

    if (!info)
        return -EIO;
    r = sd_event_add_io(server->event, &server->io, info->epoll_fd, EPOLLIN, on_io, server);
    if (r >= 0)
        r = turn_new(server->event, on_pump, server, &server->pump);
    if (r >= 0)
        http_pump_arm(server);
    return r < 0 ? r : 0;
}

/* --- the server --- */

static bool is_unix(int fd)
{
    socklen_t size = sizeof(int);
    int domain = 0;

    return getsockopt(fd, SOL_SOCKET, SO_DOMAIN, &domain, &size) == 0 && domain == AF_UNIX;
}

int http_server_new(sd_event *event, int listen_fd, const struct http_limits *limits,
                    const struct http_callbacks *callbacks, struct http_server **ret)
{
    _cleanup_(http_server_freep) struct http_server *server = calloc(1, sizeof(*server));
    int r;

    if (!server)
        return -ENOMEM;
    server->limits = *limits;
    server->callbacks = *callbacks;
    server->event = sd_event_ref(event);
    server->is_unix = is_unix(listen_fd);
    TAILQ_INIT(&server->connections);
    server->mhd = start_library(server, listen_fd);
    r = server->mhd ? start_pump(server) : -EIO;
    if (r >= 0)
        r = http_connections_add_sources(server);
    if (r < 0)
        return r;
    *ret = TAKE_PTR(server);
    return 0;
}

void http_server_quiesce(struct http_server *server)
{
    struct http_connection *connection;

    if (server->quiesced)
        return;
    server->quiesced = true;
    (void)MHD_quiesce_daemon(server->mhd);
    TAILQ_FOREACH(connection, &server->connections, link)
        http_connection_retire(connection);
    http_connections_cut_draining(server);
    http_server_end_streams(server);
    http_pump_arm(server);
}

struct http_server *http_server_free(struct http_server *server)
{
    if (!server)
        return NULL;
    /* Otherwise the library would close the listening socket, which is the caller's. */
    if (server->mhd && !server->quiesced)
        (void)MHD_quiesce_daemon(server->mhd);
    if (server->mhd) {
        /* It aborts on what is suspended. */
        server->ended = true;
        http_connections_cut_draining(server);
        http_server_end_streams(server);
        (void)MHD_run(server->mhd);
        MHD_stop_daemon(server->mhd);
    }
    sd_event_source_disable_unref(server->io);
    sd_event_source_disable_unref(server->pump);
    sd_event_source_disable_unref(server->clock);
    sd_event_source_disable_unref(server->drain);
    sd_event_unref(server->event);
    free(server);
    return NULL;
}

unsigned http_server_connections(const struct http_server *server)
{
    return server->n_connections;
}

unsigned http_server_pending(const struct http_server *server)
{
    return server->n_pending;
}
