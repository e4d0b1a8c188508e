/* The server: connections, their clocks, and libmicrohttpd on the event loop. How it is driven, by what was
 * measured of 0.9.75: the library's epoll descriptor is a source of the loop; after a resume or a close the
 * library must be run although nothing is readable, so both arm a deferred source; it is never run from its
 * own callbacks. Its own timeout restarts with every byte, so the clocks are ours: one for a whole request,
 * one for an answer. */
#include "common/http-internal.h"

#include <errno.h>
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>

enum {
    CLOCK_TICK_USEC = 250 * 1000,    /* how often the connections' clocks are looked at */
    RUNS_MAX = 4,                    /* runs of the library in a row before others get a turn */
    QUIESCED_READ_USEC = 500 * 1000, /* for a request on a connection that was accepted just before the end */
};

TAILQ_HEAD(connections, http_connection);

struct http_server {
    struct http_limits limits;
    struct http_callbacks callbacks;
    sd_event *event;
    struct MHD_Daemon *mhd;
    sd_event_source *io, *pump, *clock;
    struct connections connections;
    unsigned n_connections, n_pending;
    bool quiesced;
};

static uint64_t now(const struct http_server *server)
{
    uint64_t usec = 0;

    (void)sd_event_now(server->event, CLOCK_MONOTONIC, &usec);
    return usec;
}

static void arm_pump(struct http_server *server)
{
    (void)sd_event_source_set_enabled(server->pump, SD_EVENT_ONESHOT);
}

static void note_activity(struct http_server *server)
{
    if (server->callbacks.activity)
        server->callbacks.activity(server->callbacks.userdata);
}

/* --- connections and their clocks --- */

static void begin_phase(struct http_connection *connection, enum http_phase phase)
{
    struct http_server *server = connection->server;

    connection->phase = phase;
    connection->since_usec = now(server);
    TAILQ_REMOVE(&server->connections, connection, link);
    TAILQ_INSERT_TAIL(&server->connections, connection, link);
}

/* Ends a connection from outside the library, which notices at its next run and frees it. The library has no
 * way to answer a request that is not whole, hence the few bytes by hand. */
static void cut(struct http_connection *connection)
{
    static const char TIMEOUT[] = "HTTP/1.1 408 Request Timeout\r\nConnection: close\r\n"
                                  "Content-Type: text/plain\r\nContent-Length: 50\r\n\r\n"
                                  "The request took too long to arrive. Send it anew\n";

    if (connection->phase == HTTP_PHASE_READING && (connection->in_request || !connection->answered_before))
        (void)send(connection->fd, TIMEOUT, sizeof(TIMEOUT) - 1, MSG_DONTWAIT | MSG_NOSIGNAL);
    connection->cut = true;
    (void)shutdown(connection->fd, SHUT_RDWR);
    arm_pump(connection->server);
}

static uint64_t allowed_usec(const struct http_connection *connection)
{
    const struct http_server *server = connection->server;

    if (connection->phase == HTTP_PHASE_WRITING)
        return server->limits.write_usec;
    if (server->quiesced && !connection->in_request && server->limits.read_usec > QUIESCED_READ_USEC)
        return QUIESCED_READ_USEC;
    return server->limits.read_usec;
}

/* After the quiesce, a connection that has been answered and asks nothing more is in the way of the end. */
static void retire(struct http_connection *connection)
{
    char byte;

    if (connection->server->quiesced && connection->phase == HTTP_PHASE_READING &&
        connection->answered_before && !connection->in_request && !connection->cut &&
        recv(connection->fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT) <= 0)
        cut(connection);
}

static bool is_overdue(const struct http_connection *connection, uint64_t usec)
{
    return connection->phase != HTTP_PHASE_PENDING && !connection->cut &&
           usec - connection->since_usec >= allowed_usec(connection);
}

/* The time handed in is when the timer was due: phases may have begun since, hence the loop's own time. */
static int on_clock(sd_event_source *source, _unused_ uint64_t due_usec, void *userdata)
{
    struct http_server *server = userdata;
    struct http_connection *connection;
    uint64_t usec = now(server);

    TAILQ_FOREACH(connection, &server->connections, link)
    if (is_overdue(connection, usec))
        cut(connection);
    if (server->n_connections == 0) {
        (void)malloc_trim(0); /* what a crowd needed goes back to the system when the crowd has gone */
        return sd_event_source_set_enabled(source, SD_EVENT_OFF);
    }
    (void)sd_event_source_set_time_relative(source, CLOCK_TICK_USEC);
    return sd_event_source_set_enabled(source, SD_EVENT_ONESHOT);
}

static void start_clock(struct http_server *server)
{
    (void)sd_event_source_set_time_relative(server->clock, CLOCK_TICK_USEC);
    (void)sd_event_source_set_enabled(server->clock, SD_EVENT_ONESHOT);
}

static struct http_connection *find_oldest(const struct http_server *server, enum http_phase phase)
{
    struct http_connection *connection;

    TAILQ_FOREACH(connection, &server->connections, link)
    if (connection->phase == phase && !connection->cut)
        return connection;
    return NULL;
}

/* A few who hold connections open and say nothing, or do not take their answers, must not shut the others
 * out: the one that has been reading or idle for longest goes, and without such a one the one that has been
 * writing for longest. */
static void make_room(struct http_server *server)
{
    struct http_connection *connection;

    if (server->n_connections <= server->limits.connections - server->limits.connections / 4)
        return;
    connection = find_oldest(server, HTTP_PHASE_READING);
    if (!connection)
        connection = find_oldest(server, HTTP_PHASE_WRITING);
    if (connection)
        cut(connection);
}

static void connection_add(struct http_server *server, struct MHD_Connection *mhd, void **socket_context)
{
    const union MHD_ConnectionInfo *info = MHD_get_connection_info(mhd, MHD_CONNECTION_INFO_CONNECTION_FD);
    struct http_connection *connection = calloc(1, sizeof(*connection));

    *socket_context = connection;
    if (!connection)
        return; /* handle_access() refuses what has no connection */
    make_room(server);
    connection->server = server;
    connection->fd = info->connect_fd;
    connection->since_usec = now(server);
    TAILQ_INSERT_TAIL(&server->connections, connection, link);
    if (server->n_connections++ == 0)
        start_clock(server);
}

static void connection_remove(struct http_server *server, struct http_connection *connection)
{
    if (!connection)
        return;
    TAILQ_REMOVE(&server->connections, connection, link);
    server->n_connections--;
    free(connection);
    /* At its limit the library stops listening, and starts again only when it is run after a close. */
    arm_pump(server);
}

static void on_connection(void *userdata, struct MHD_Connection *mhd, void **socket_context,
                          enum MHD_ConnectionNotificationCode code)
{
    struct http_server *server = userdata;

    if (code == MHD_CONNECTION_NOTIFY_STARTED) {
        connection_add(server, mhd, socket_context);
    } else {
        connection_remove(server, *socket_context);
        *socket_context = NULL;
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
        request->connection->in_request = true;
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
    if (request->connection) {
        request->connection->in_request = false;
        request->connection->answered_before = true;
        begin_phase(request->connection, HTTP_PHASE_READING);
        retire(request->connection);
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
    begin_phase(request->connection, HTTP_PHASE_WRITING);
    return MHD_queue_response(request->mhd, request->status, request->response);
}

void http_reply(struct http_request *request, unsigned status, struct MHD_Response *response)
{
    request->status = status;
    request->response = response;
    request->replied = true;
    if (!request->suspended)
        return;
    request->suspended = false;
    request->server->n_pending--;
    MHD_resume_connection(request->mhd);
    arm_pump(request->server);
}

struct MHD_Response *http_response_new(const void *body, size_t size, const char *content_type)
{
    struct MHD_Response *response;

    response = MHD_create_response_from_buffer(size, (void *)(uintptr_t)body, MHD_RESPMEM_MUST_COPY);
    if (response && content_type &&
        MHD_add_response_header(response, MHD_HTTP_HEADER_CONTENT_TYPE, content_type) != MHD_YES) {
        MHD_destroy_response(response);
        response = NULL;
    }
    return response;
}

void http_reply_text(struct http_request *request, unsigned status, const char *text)
{
    char line[512];
    int length = snprintf(line, sizeof(line), "%s\n", text);
    size_t size = length < 0 ? 0 : (size_t)length < sizeof(line) ? (size_t)length : sizeof(line) - 1;

    http_reply(request, status, http_response_new(line, size, "text/plain; charset=utf-8"));
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
        return refuse(request, MHD_HTTP_SERVICE_UNAVAILABLE,
                      "Too many requests are waiting. Try again in a moment.");
    request->handed_over = true;
    server->callbacks.handle(request, server->callbacks.userdata);
    if (request->replied)
        return queue_reply(request);
    begin_phase(request->connection, HTTP_PHASE_PENDING);
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
     */
    if (!request || !request->connection || request->connection->cut)
        return MHD_NO;
    if (!request->seen)
        return first_look(request, method, version);
    if (*upload_data_size > 0) {
        if (!http_request_append_body(request, upload_data, *upload_data_size))
            return MHD_NO;
        *upload_data_size = 0;
        return MHD_YES;
    }
    return request->replied ? queue_reply(request) : hand_over(request);
}

/* --- the library on the loop --- */

/* Runs the library until it has nothing more to do at once, or its turn is over. */
static void pump(struct http_server *server)
{
    MHD_UNSIGNED_LONG_LONG timeout = 1;

    for (int i = 0; i < RUNS_MAX; i++) {
        (void)MHD_run(server->mhd);
        if (MHD_get_timeout(server->mhd, &timeout) != MHD_YES || timeout > 0)
            return;
    }
    arm_pump(server);
}

static int on_io(_unused_ sd_event_source *source, _unused_ int fd, _unused_ uint32_t revents, void *userdata)
{
    pump(userdata);
    return 0;
}

static int on_pump(_unused_ sd_event_source *source, void *userdata)
{
    pump(userdata);
    return 0;
}

static int add_sources(struct http_server *server)
{
    const union MHD_DaemonInfo *info = MHD_get_daemon_info(server->mhd, MHD_DAEMON_INFO_EPOLL_FD);
    int r;

    if (!info)
        return -EIO;
    r = sd_event_add_io(server->event, &server->io, info->epoll_fd, EPOLLIN, on_io, server);
    if (r >= 0)
        r = sd_event_add_defer(server->event, &server->pump, on_pump, server);
    if (r >= 0)
        r = sd_event_add_time_relative(server->event, &server->clock, CLOCK_MONOTONIC, CLOCK_TICK_USEC, 0,
                                       on_clock, server);
    if (r >= 0)
        r = sd_event_source_set_enabled(server->clock, SD_EVENT_OFF);
    return r < 0 ? r : 0;
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
        { MHD_OPTION_CONNECTION_LIMIT, (intptr_t)server->limits.connections, NULL },
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

int http_server_new(sd_event *event, int listen_fd, const struct http_limits *limits,
                    const struct http_callbacks *callbacks, struct http_server **ret)
{
    struct http_server *server = calloc(1, sizeof(*server));
    int r;

    if (!server)
        return -ENOMEM;
    server->limits = *limits;
    server->callbacks = *callbacks;
    server->event = sd_event_ref(event);
    TAILQ_INIT(&server->connections);
    server->mhd = start_library(server, listen_fd);
    r = server->mhd ? add_sources(server) : -EIO;
    if (r < 0) {
        http_server_free(server);
        return r;
    }
    *ret = server;
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
    retire(connection);
    arm_pump(server);
}

struct http_server *http_server_free(struct http_server *server)
{
    if (!server)
        return NULL;
    /* Otherwise the library would close the listening socket, which is the caller's. */
    if (server->mhd && !server->quiesced)
        (void)MHD_quiesce_daemon(server->mhd);
    if (server->mhd)
        MHD_stop_daemon(server->mhd);
    sd_event_source_disable_unref(server->io);
    sd_event_source_disable_unref(server->pump);
    sd_event_source_disable_unref(server->clock);
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
