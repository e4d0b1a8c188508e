/* One call: connect, send, read, parse with http-parser, report. The broker's answers are bounded like
 * anybody else's: a broker that has been taken over must not take its callers along. */
#include "common/rpc/rpc-client.h"

#include <errno.h>
#include <http_parser.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/epoll.h>
#include <sys/socket.h>

#include "common/cleanup.h"
#include "common/rpc/rpc-post.h"
#include "common/rpc/rpc.h"
#include "common/unix-connect.h"

DEFINE_CLEANUP(struct rpc_client_call *, rpc_client_call_free);

enum {
    READ_SIZE = 16 * 1024,
    HEADERS_MAX = 64, /* header fields in an answer */
    HEADER_NAME_SIZE = 32,
    NUMBER_MAX = 86400, /* in a header: a day, in seconds */
};

struct rpc_client_call {
    rpc_client_done done;
    void *userdata;
    sd_event *event;
    char *path; /* NULL: there is none but the connection that was handed over */
    int fd;
    struct rpc_client_keep keep;
    bool is_old; /* the connection was there before the call */
    sd_event_source *io, *timer, *start_error;
    char *request;
    size_t request_size, sent;
    http_parser parser;
    char header_name[HEADER_NAME_SIZE];
    unsigned headers;
    bool in_value, heard, complete, too_much;
    bool refused; /* so said the whole head of an answer; what is to come of its body are words */
    bool goes_on; /* the connection, after the answer */
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
    sd_event_unref(call->event);
    free(call->path);
    free(call->request);
    free(call->body);
    free(call);
    return NULL;
}

static int start(struct rpc_client_call *call);

/* Before the caller hears of the answer: he may have another call to make. */
static void hand_on(struct rpc_client_call *call)
{
    if (!call->goes_on || !call->keep.spare)
        return;
    call->io = sd_event_source_disable_unref(call->io);
    call->keep.spare(TAKE_FD(call->fd), call->keep.userdata);
}

static void finish(struct rpc_client_call *call, enum rpc_client_result result, int error)
{
    call->answer.result = result;
    call->answer.error = error;
    if (result == RPC_CLIENT_ANSWERED || result == RPC_CLIENT_REFUSED) {
        call->answer.body = call->body ? call->body : "";
        call->answer.size = call->size;
        hand_on(call);
    }
    call->done(&call->answer, call->userdata);
    rpc_client_call_free(call);
}

/* Whoever kept an old connection may have ended it while the call was on its way: then it is no word on the
 * call. */
static bool may_repeat(const struct rpc_client_call *call)
{
    return call->is_old && call->path && !call->heard && (call->sent == 0 || call->keep.repeat);
}

static int start_anew(struct rpc_client_call *call)
{
    call->is_old = false;
    call->io = sd_event_source_disable_unref(call->io);
    call->start_error = sd_event_source_disable_unref(call->start_error);
    closep(&call->fd);
    call->fd = -1;
    call->sent = 0;
    return start(call);
}

/* No more comes, or no more is waited for. What refuses is the head of an answer. Before the first byte of
 * the call was taken nothing can have happened; afterwards nobody knows. */
static void give_up(struct rpc_client_call *call, enum rpc_client_result unknown, int error)
{
    if (call->refused)
        finish(call, RPC_CLIENT_REFUSED, 0);
    else
        finish(call, call->sent == 0 ? RPC_CLIENT_NOT_SENT : unknown, error);
}

/* The connection broke. */
static void fail(struct rpc_client_call *call, int error)
{
    int r = may_repeat(call) ? start_anew(call) : -error;

    if (r < 0)
        give_up(call, RPC_CLIENT_UNKNOWN, -r);
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

/* Where the header's value belongs; NULL: it is none of those that count. */
static unsigned *find_number(struct rpc_client_call *call)
{
    if (strcasecmp(call->header_name, "Retry-After") == 0)
        return &call->answer.retry_after;
    return strcasecmp(call->header_name, RPC_REFUSAL_HEADER) == 0 ? &call->answer.refusal : NULL;
}

static int on_header_value(http_parser *parser, const char *at, size_t length)
{
    struct rpc_client_call *call = parser->data;
    unsigned *number = find_number(call), n = number && call->in_value ? *number : 0;
    size_t i;

    call->in_value = true;
    if (!number)
        return 0;
    for (i = 0; i < length && at[i] >= '0' && at[i] <= '9' && n < NUMBER_MAX; i++)
        n = n * 10 + (unsigned)(at[i] - '0');
    if (i < length)
        call->header_name[0] = '\0'; /* no number goes on behind anything else */
    *number = n < NUMBER_MAX ? n : NUMBER_MAX;
    return 0;
}

static int on_headers(http_parser *parser)
{
    struct rpc_client_call *call = parser->data;

    call->refused = parser->status_code != 200;
    call->answer.status = call->refused ? parser->status_code : 0;
    return 0;
}

static int append(struct rpc_client_call *call, const char *at, size_t length)
{
    char *grown = realloc(call->body, call->size + length + 1);

    if (!grown)
        return 1;
    memcpy(grown + call->size, at, length);
    call->body = grown;
    call->size += length;
    grown[call->size] = '\0';
    return 0;
}

/* Half of an answer is none; of a refusal as much is kept as may be. */
static int on_body(http_parser *parser, const char *at, size_t length)
{
    struct rpc_client_call *call = parser->data;
    size_t room = (call->refused ? RPC_REFUSAL_MAX : RPC_RESPONSE_MAX) - call->size;

    if (length <= room)
        return append(call, at, length);
    call->too_much = true;
    if (call->refused)
        (void)append(call, at, room);
    return 1;
}

static int on_complete(http_parser *parser)
{
    struct rpc_client_call *call = parser->data;

    call->complete = true;
    call->answer.status = parser->status_code;
    call->goes_on = http_should_keep_alive(parser) && !parser->upgrade && parser->status_code >= 200;
    http_parser_pause(parser, 1);
    return 0;
}

static const http_parser_settings SETTINGS = {
    .on_header_field = on_header_name,
    .on_header_value = on_header_value,
    .on_headers_complete = on_headers,
    .on_body = on_body,
    .on_message_complete = on_complete,
};

/* Reads what there is. Returns 1 when the call has ended and is freed. */
static int receive(struct rpc_client_call *call)
{
    char buffer[READ_SIZE];
    ssize_t n = recv(call->fd, buffer, sizeof(buffer), MSG_DONTWAIT);
    enum http_errno problem;
    size_t read;

    if (n < 0 && (errno == EAGAIN || errno == EINTR))
        return 0;
    if (n < 0) {
        fail(call, errno);
        return 1;
    }
    call->heard |= n > 0;
    read = http_parser_execute(&call->parser, &SETTINGS, buffer, (size_t)n);
    if (call->complete) {
        /* An answer that nobody asked for is not taken for the next call's. */
        call->goes_on = call->goes_on && read == (size_t)n && call->sent == call->request_size;
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

    give_up(call, RPC_CLIENT_TIMEOUT, ETIMEDOUT);
    return 0;
}

static int on_start_error(_unused_ sd_event_source *source, void *userdata)
{
    struct rpc_client_call *call = userdata;

    fail(call, call->answer.error);
    return 0;
}

/* Connects and sends at once: on a Unix socket both nearly always succeed in place. */
static int start(struct rpc_client_call *call)
{
    int r = call->fd < 0 ? unix_connect(call->path, &call->fd) : 0;

    if (r >= 0)
        r = transmit(call);
    if (r < 0 && r != -EPIPE && r != -ECONNRESET) {
        call->answer.error = -r;
        return sd_event_add_defer(call->event, &call->start_error, on_start_error, call);
    }
    return sd_event_add_io(call->event, &call->io, call->fd,
                           call->sent == call->request_size ? EPOLLIN : EPOLLIN | EPOLLOUT, on_io, call);
}

static int take_connection(struct rpc_client_call *call, const struct rpc_client_request *request)
{
    call->keep = request->keep ? *request->keep : (struct rpc_client_keep){ .fd = -1 };
    call->is_old = call->keep.fd >= 0;
    if (!request->socket_path)
        return call->is_old ? 0 : -EINVAL;
    call->path = strdup(request->socket_path);
    return call->path ? 0 : -ENOMEM;
}

/* The descriptor is the call's as soon as nothing can go wrong but with the connection itself. */
static int begin(struct rpc_client_call *call)
{
    int r;

    call->fd = call->keep.fd;
    r = start(call);
    if (r < 0 && call->is_old)
        call->fd = -1;
    return r;
}

int rpc_client_call(sd_event *event, const struct rpc_client_request *request, rpc_client_done done,
                    void *userdata, struct rpc_client_call **ret)
{
    _cleanup_(rpc_client_call_freep) struct rpc_client_call *call = calloc(1, sizeof(*call));
    int r;

    if (!call)
        return -ENOMEM;
    call->event = sd_event_ref(event);
    call->fd = -1;
    call->done = done;
    call->userdata = userdata;
    http_parser_init(&call->parser, HTTP_RESPONSE);
    call->parser.data = call;
    r = take_connection(call, request);
    if (r >= 0)
        r = rpc_post_format(&request->caller, call->keep.spare, request->body, request->size, &call->request,
                            &call->request_size);
    if (r >= 0)
        r = sd_event_add_time_relative(event, &call->timer, CLOCK_MONOTONIC, request->timeout_usec, 1,
                                       on_timeout, call);
    if (r >= 0)
        r = begin(call);
    if (r < 0)
        return r;
    *ret = TAKE_PTR(call);
    return 0;
}
