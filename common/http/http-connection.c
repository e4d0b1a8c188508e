/* Connections and their clocks. The library's own timeout restarts with every byte, so the clocks are ours:
 * one for a whole request, one for an answer. It also looks at nothing of a connection whose request is
 * pending, and takes one request after the other off a client that reads no answer: both are looked after
 * here. */
#include "common/http/http-connection.h"

#include <linux/sockios.h>
#include <malloc.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include "common/cleanup.h"
#include "common/http/http-parts.h"

enum {
    CLOCK_TICK_USEC = 250 * 1000,    /* how often the connections' clocks are looked at */
    DRAIN_TICK_USEC = 10 * 1000,     /* and those that must take an answer first */
    QUIESCED_READ_USEC = 500 * 1000, /* for a request on a connection that was accepted just before the end */
};

static uint64_t now(const struct http_server *server)
{
    uint64_t usec = 0;

    (void)sd_event_now(server->event, CLOCK_MONOTONIC, &usec);
    return usec;
}

static void rearm(sd_event_source *source, uint64_t usec)
{
    (void)sd_event_source_set_time_relative(source, usec);
    (void)sd_event_source_set_enabled(source, SD_EVENT_ONESHOT);
}

void http_connection_begin(struct http_connection *connection, enum http_phase phase)
{
    struct http_server *server = connection->server;

    connection->phase = phase;
    connection->since_usec = now(server);
    TAILQ_REMOVE(&server->connections, connection, link);
    TAILQ_INSERT_TAIL(&server->connections, connection, link);
}

/* --- answers that are not taken --- */

/* The other side has reset the connection, or closed it altogether. */
static bool is_broken(const struct http_connection *connection)
{
    struct pollfd fd = { .fd = connection->fd };

    return poll(&fd, 1, 0) > 0 && fd.revents & (POLLERR | POLLHUP);
}

/* For TCP what was not even sent, because the other side's buffer is full: what is on its way may wait for a
 * delayed acknowledgement. The kernel goes on counting what a reset connection had not sent. For Unix sockets
 * what was not read. */
static bool has_unsent(const struct http_connection *connection)
{
    int bytes = 0;

    return ioctl(connection->fd, connection->server->is_unix ? SIOCOUTQ : SIOCOUTQNSD, &bytes) == 0 &&
           bytes > 0 && !is_broken(connection);
}

void http_connection_resume(struct http_connection *connection)
{
    connection->draining = connection->waiting = false;
    MHD_resume_connection(connection->mhd);
    http_pump_arm(connection->server);
}

bool http_connection_drain(struct http_connection *connection)
{
    if (!connection->answered_before || !has_unsent(connection))
        return false;
    http_connection_begin(connection, HTTP_PHASE_WRITING);
    connection->draining = true;
    MHD_suspend_connection(connection->mhd);
    rearm(connection->server->drain, DRAIN_TICK_USEC);
    return true;
}

static int on_drain(sd_event_source *source, _unused_ uint64_t due_usec, void *userdata)
{
    struct http_server *server = userdata;
    struct http_connection *connection;
    bool more = false;

    for (connection = TAILQ_FIRST(&server->connections); connection;
         connection = TAILQ_NEXT(connection, link)) {
        if (connection->draining && !has_unsent(connection))
            http_connection_resume(connection);
        more |= connection->draining;
    }
    if (more)
        rearm(source, DRAIN_TICK_USEC);
    return 0;
}

/* --- the end of a connection --- */

static bool is_between_requests(const struct http_connection *connection)
{
    return connection->answered_before && !connection->request;
}

/* The library has no way to answer a request that is not whole, hence the few bytes by hand. */
static void say_timeout(const struct http_connection *connection)
{
    static const char TIMEOUT[] = "HTTP/1.1 408 Request Timeout\r\nConnection: close\r\n"
                                  "Content-Type: text/plain\r\nContent-Length: 50\r\n\r\n"
                                  "The request took too long to arrive. Send it anew\n";

    (void)send(connection->fd, TIMEOUT, sizeof(TIMEOUT) - 1, MSG_DONTWAIT | MSG_NOSIGNAL);
}

void http_connection_end(struct http_connection *connection)
{
    connection->cut = true;
    (void)shutdown(connection->fd, SHUT_RDWR);
    if (connection->draining || connection->waiting)
        http_connection_resume(connection);
    http_pump_arm(connection->server);
}

/* What a client never took is dropped with it: otherwise the kernel would go on offering it for minutes. */
void http_connection_cut(struct http_connection *connection)
{
    static const struct linger DROP = { .l_onoff = 1 };

    if (has_unsent(connection))
        (void)setsockopt(connection->fd, SOL_SOCKET, SO_LINGER, &DROP, sizeof(DROP));
    else if (connection->phase == HTTP_PHASE_READING && !is_between_requests(connection))
        say_timeout(connection);
    http_connection_end(connection);
}

void http_connections_cut_draining(struct http_server *server)
{
    struct http_connection *connection;

    TAILQ_FOREACH(connection, &server->connections, link)
        if (connection->draining)
            http_connection_cut(connection);
}

/* He may be still reading his answer, and is to have all of it. */
void http_connection_retire(struct http_connection *connection)
{
    char byte;

    if (connection->server->quiesced && connection->phase == HTTP_PHASE_READING &&
        is_between_requests(connection) && !connection->cut &&
        recv(connection->fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT) <= 0)
        http_connection_end(connection);
}

/* --- clocks --- */

static uint64_t allowed_usec(const struct http_connection *connection)
{
    const struct http_server *server = connection->server;

    if (connection->phase == HTTP_PHASE_WRITING || connection->phase == HTTP_PHASE_STREAMING)
        return server->limits.write_usec;
    if (server->quiesced && !connection->request && server->limits.read_usec > QUIESCED_READ_USEC)
        return QUIESCED_READ_USEC;
    return server->limits.read_usec;
}

/* A stream owes nothing between two pieces, once the last one has been taken. */
static bool is_at_rest(struct http_connection *connection)
{
    if (connection->phase != HTTP_PHASE_STREAMING)
        return connection->phase == HTTP_PHASE_PENDING;
    if (connection->waiting && connection->unsure)
        connection->unsure = has_unsent(connection);
    return connection->waiting && !connection->unsure;
}

static bool is_overdue(struct http_connection *connection, uint64_t usec)
{
    return !connection->cut && !is_at_rest(connection) &&
           usec - connection->since_usec >= allowed_usec(connection);
}

/* A Unix socket tells a client that is gone from one that only sends no more; TCP does not. */
static bool has_left(const struct http_connection *connection)
{
    struct pollfd fd = { .fd = connection->fd, .events = POLLRDHUP };
    short left = POLLERR | POLLHUP;

    if (!connection->server->is_unix)
        left |= POLLRDHUP;
    return poll(&fd, 1, 0) > 0 && fd.revents & left;
}

/* Once: the request stays pending until its owner answers. */
static void tell_gone(struct http_connection *connection)
{
    struct http_request *request = connection->request;
    void (*gone)(void *userdata);

    if (!request || request->replied || !request->gone || !has_left(connection))
        return;
    gone = request->gone;
    request->gone = NULL;
    gone(request->gone_userdata);
}

/* The time handed in is when the timer was due: phases may have begun since, hence the loop's own time. */
static int on_clock(sd_event_source *source, _unused_ uint64_t due_usec, void *userdata)
{
    struct http_server *server = userdata;
    struct http_connection *connection;
    uint64_t usec = now(server);

    for (connection = TAILQ_FIRST(&server->connections); connection;
         connection = TAILQ_NEXT(connection, link)) {
        if (connection->phase == HTTP_PHASE_PENDING)
            tell_gone(connection);
        else if (is_overdue(connection, usec))
            http_connection_cut(connection);
    }
    if (server->n_connections == 0)
        (void)malloc_trim(0); /* what a crowd needed goes back to the system when the crowd has gone */
    else
        rearm(source, CLOCK_TICK_USEC);
    return 0;
}

static int add_timer(struct http_server *server, sd_event_source **ret, sd_event_time_handler_t callback)
{
    int r =
        sd_event_add_time_relative(server->event, ret, CLOCK_MONOTONIC, CLOCK_TICK_USEC, 0, callback, server);

    return r < 0 ? r : sd_event_source_set_enabled(*ret, SD_EVENT_OFF);
}

int http_connections_add_sources(struct http_server *server)
{
    int r = add_timer(server, &server->clock, on_clock);

    if (r >= 0)
        r = add_timer(server, &server->drain, on_drain);
    return r < 0 ? r : 0;
}

/* --- coming and going --- */

/* Of those between two requests, who lose nothing, the one that has been so for longest; without such a one
 * whoever has been sending a request or taking an answer for longest. NULL when all are pending. */
static struct http_connection *find_dispensable(const struct http_server *server)
{
    struct http_connection *connection, *oldest = NULL;

    for (connection = TAILQ_FIRST(&server->connections); connection;
         connection = TAILQ_NEXT(connection, link)) {
        if (connection->cut || connection->phase == HTTP_PHASE_PENDING ||
            connection->phase == HTTP_PHASE_STREAMING)
            continue;
        if (connection->phase == HTTP_PHASE_READING && is_between_requests(connection))
            return connection;
        if (!oldest)
            oldest = connection;
    }
    return oldest;
}

/* A few who hold connections open and say nothing, or do not take their answers, must not shut the others
 * out. */
static void make_room(struct http_server *server)
{
    struct http_connection *connection;

    if (server->n_connections - server->n_streams <=
        server->limits.connections - server->limits.connections / 4)
        return;
    connection = find_dispensable(server);
    if (connection)
        http_connection_cut(connection);
}

static void limit_buffer(const struct http_connection *connection)
{
    const struct http_server *server = connection->server;
    int bytes = (int)server->limits.send_buffer;

    if (server->is_unix && bytes > 0)
        (void)setsockopt(connection->fd, SOL_SOCKET, SO_SNDBUF, &bytes, sizeof(bytes));
}

struct http_connection *http_connection_new(struct http_server *server, struct MHD_Connection *mhd)
{
    const union MHD_ConnectionInfo *info = MHD_get_connection_info(mhd, MHD_CONNECTION_INFO_CONNECTION_FD);
    struct http_connection *connection = calloc(1, sizeof(*connection));

    if (!connection)
        return NULL; /* on_access() refuses what has no connection */
    make_room(server);
    connection->server = server;
    connection->mhd = mhd;
    connection->fd = info->connect_fd;
    connection->since_usec = now(server);
    limit_buffer(connection);
    TAILQ_INSERT_TAIL(&server->connections, connection, link);
    if (server->n_connections++ == 0)
        rearm(server->clock, CLOCK_TICK_USEC);
    return connection;
}

struct http_connection *http_connection_free(struct http_connection *connection)
{
    struct http_server *server = connection ? connection->server : NULL;

    if (!connection)
        return NULL;
    TAILQ_REMOVE(&server->connections, connection, link);
    server->n_connections--;
    free(connection);
    /* At its limit the library stops listening, and starts again only when it is run after a close. */
    http_pump_arm(server);
    return NULL;
}
