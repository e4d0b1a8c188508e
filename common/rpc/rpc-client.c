/* One call: connect, send, read, parse with http-parser, report. The broker's answers are bounded like
 * anybody else's: a broker that has been taken over must not take its callers along. */
#include "common/rpc/rpc-client.h"

#include <errno.h>
#include <http_parser.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "common/cleanup.h"
#include "common/rpc/rpc.h"

DEFINE_CLEANUP(struct rpc_client_call *, rpc_client_call_free);

enum {
    READ_SIZE = 16 * 1024,
    HEADERS_MAX = 64, /* header fields in an answer */
    HEADER_NAME_SIZE = 32,
    RETRY_AFTER_MAX = 86400, /* seconds */
};

struct rpc_client_call {
    rpc_client_done done;
    void *userdata;
    int fd;
    sd_event_source *io, *timer, *start_error;
    char *request;
    size_t request_size, sent;
    http_parser parser;
    char header_name[HEADER_NAME_SIZE];
    unsigned headers;
    bool in_value, complete, too_much;
    char *body;
    size_t size;
    struct rpc_client_answer answer;
};

struct rpc_client_call *rpc_client_call_free(struct rpc_client_call *call)
{
    if (!call)
        return NULL;
    sd_event_source_disable_unref(call->io);
    sd_event_source_disable_unref(call->timer);
    sd_event_source_disable_unref(call->start_error);
    closep(&call->fd);
    free(call->request);
    free(call->body);
    free(call);
    return NULL;
}

static void finish(struct rpc_client_call *call, enum rpc_client_result result, int error)
{
    call->answer.result = result;
    call->answer.error = error;
    if (result == RPC_CLIENT_ANSWERED || result == RPC_CLIENT_REFUSED) {
        call->answer.body = call->body ? call->body : "";
        call->answer.size = call->size;
    }
    call->done(&call->answer, call->userdata);
    rpc_client_call_free(call);
}

/* The connection broke. Before the first byte was taken nothing can have happened; afterwards nobody knows.
 */
static void fail(struct rpc_client_call *call, int error)
{
    finish(call, call->sent == 0 ? RPC_CLIENT_NOT_SENT : RPC_CLIENT_UNKNOWN, error);
}

/* Names and values come in pieces when they come in several reads. */
static int on_header_name(http_parser *parser, const char *at, size_t length)
{
    struct rpc_client_call *call = parser->data;
    size_t have;

    if (call->headers == 0 || call->in_value) {
        call->header_name[0] = '\0';
        call->in_value = false;
        if (++call->headers > HEADERS_MAX)
            return 1;
    }
    have = strlen(call->header_name);
    /* One that is too long is none that is known here, whatever may follow. */
    if (length >= HEADER_NAME_SIZE - have)
        (void)stpcpy(call->header_name, "?");
    else
        *(char *)mempcpy(call->header_name + have, at, length) = '\0';
    return 0;
}

static int on_header_value(http_parser *parser, const char *at, size_t length)
{
    struct rpc_client_call *call = parser->data;
    unsigned seconds = call->in_value ? call->answer.retry_after : 0;
    size_t i;

    call->in_value = true;
    if (strcasecmp(call->header_name, "Retry-After") != 0)
        return 0;
    for (i = 0; i < length && at[i] >= '0' && at[i] <= '9' && seconds < RETRY_AFTER_MAX; i++)
        seconds = seconds * 10 + (unsigned)(at[i] - '0');
    if (i < length)
        call->header_name[0] = '\0'; /* no number goes on behind anything else */
    call->answer.retry_after = seconds < RETRY_AFTER_MAX ? seconds : RETRY_AFTER_MAX;
    return 0;
}

static int on_body(http_parser *parser, const char *at, size_t length)
{
    struct rpc_client_call *call = parser->data;
    char *grown;

    if (length > RPC_RESPONSE_MAX - call->size) {
        call->too_much = true;
        return 1;
    }
    grown = realloc(call->body, call->size + length + 1);
    if (!grown)
        return 1;
    memcpy(grown + call->size, at, length);
    call->body = grown;
    call->size += length;
    grown[call->size] = '\0';
    return 0;
}

static int on_complete(http_parser *parser)
{
    struct rpc_client_call *call = parser->data;

    call->complete = true;
    call->answer.status = parser->status_code;
    http_parser_pause(parser, 1);
    return 0;
}

static const http_parser_settings SETTINGS = {
    .on_header_field = on_header_name,
    .on_header_value = on_header_value,
    .on_body = on_body,
    .on_message_complete = on_complete,
};

/* Reads what there is. Returns 1 when the call has ended and is freed. */
static int receive(struct rpc_client_call *call)
{
    char buffer[READ_SIZE];
    ssize_t n = recv(call->fd, buffer, sizeof(buffer), MSG_DONTWAIT);
    enum http_errno problem;

    if (n < 0 && (errno == EAGAIN || errno == EINTR))
        return 0;
    if (n < 0) {
        fail(call, errno);
        return 1;
    }
    (void)http_parser_execute(&call->parser, &SETTINGS, buffer, (size_t)n);
    if (call->complete) {
        finish(call, call->answer.status == 200 ? RPC_CLIENT_ANSWERED : RPC_CLIENT_REFUSED, 0);
        return 1;
    }
    problem = HTTP_PARSER_ERRNO(&call->parser);
    if (n == 0 || problem != HPE_OK) {
        fail(call, call->too_much ? EMSGSIZE : n == 0 ? ECONNRESET : EBADMSG);
        return 1;
    }
    return 0;
}

static int transmit(struct rpc_client_call *call)
{
    ssize_t n;

    while (call->sent < call->request_size) {
        n = send(call->fd, call->request + call->sent, call->request_size - call->sent,
                 MSG_DONTWAIT | MSG_NOSIGNAL);
        if (n < 0 && errno == EAGAIN)
            return 0;
        if (n < 0 && errno != EINTR)
            return -errno;
        call->sent += n > 0 ? (size_t)n : 0;
    }
    return call->io ? sd_event_source_set_io_events(call->io, EPOLLIN) : 0;
}

static int on_io(_unused_ sd_event_source *source, _unused_ int fd, uint32_t revents, void *userdata)
{
    struct rpc_client_call *call = userdata;
    int r;

    if (revents & EPOLLOUT) {
        r = transmit(call);
        if (r < 0 && r != -EPIPE && r != -ECONNRESET) {
            fail(call, -r);
            return 0;
        }
    }
    /* A refusal may be there to read although the rest of the call could not be sent. */
    if (revents & ~(uint32_t)EPOLLOUT)
        (void)receive(call);
    return 0;
}

static int on_timeout(_unused_ sd_event_source *source, _unused_ uint64_t usec, void *userdata)
{
    struct rpc_client_call *call = userdata;

    finish(call, call->sent == 0 ? RPC_CLIENT_NOT_SENT : RPC_CLIENT_TIMEOUT, ETIMEDOUT);
    return 0;
}

static int on_start_error(_unused_ sd_event_source *source, void *userdata)
{
    struct rpc_client_call *call = userdata;

    fail(call, call->answer.error);
    return 0;
}

static int connect_socket(const char *path, int *ret)
{
    struct sockaddr_un address = { .sun_family = AF_UNIX };
    _cleanup_(closep) int fd = -1;

    if (strlen(path) >= sizeof(address.sun_path))
        return -ENAMETOOLONG;
    (void)stpcpy(address.sun_path, path);
    fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0 || connect(fd, (const struct sockaddr *)&address, sizeof(address)) < 0)
        return -errno;
    *ret = TAKE_FD(fd);
    return 0;
}

static int format_request(struct rpc_client_call *call, const struct rpc_client_request *request)
{
    size_t size = 0;
    FILE *out = open_memstream(&call->request, &size);

    if (!out)
        return -ENOMEM;
    (void)fprintf(out, "POST /RPC2 HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n");
    (void)fprintf(out, "Content-Type: text/xml\r\nContent-Length: %zu\r\n", request->size);
    if (request->user)
        (void)fprintf(out, "Restarter-User: %s\r\n", request->user);
    if (request->client)
        (void)fprintf(out, "Restarter-Client: %s\r\n", request->client);
    (void)fputs("\r\n", out);
    (void)fwrite(request->body, 1, request->size, out);
    if (fclose(out) != 0)
        return -ENOMEM;
    call->request_size = size;
    return 0;
}

/* Connects and sends at once: on a Unix socket both nearly always succeed in place. */
static int start(struct rpc_client_call *call, sd_event *event, const char *path)
{
    int r = connect_socket(path, &call->fd);

    if (r >= 0)
        r = transmit(call);
    if (r < 0 && r != -EPIPE && r != -ECONNRESET) {
        call->answer.error = -r;
        return sd_event_add_defer(event, &call->start_error, on_start_error, call);
    }
    return sd_event_add_io(event, &call->io, call->fd,
                           call->sent == call->request_size ? EPOLLIN : EPOLLIN | EPOLLOUT, on_io, call);
}

int rpc_client_call(sd_event *event, const struct rpc_client_request *request, rpc_client_done done,
                    void *userdata, struct rpc_client_call **ret)
{
    _cleanup_(rpc_client_call_freep) struct rpc_client_call *call = calloc(1, sizeof(*call));
    int r;

    if (!call)
        return -ENOMEM;
    call->fd = -1;
    call->done = done;
    call->userdata = userdata;
    http_parser_init(&call->parser, HTTP_RESPONSE);
    call->parser.data = call;
    r = format_request(call, request);
    if (r >= 0)
        r = sd_event_add_time_relative(event, &call->timer, CLOCK_MONOTONIC, request->timeout_usec, 1,
                                       on_timeout, call);
    if (r >= 0)
        r = start(call, event, request->socket_path);
    if (r < 0)
        return r;
    *ret = TAKE_PTR(call);
    return 0;
}
