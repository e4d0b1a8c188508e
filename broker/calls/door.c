/* Gate, framing, parser, table. */
#include "broker/calls/door.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "broker/calls/audit.h"
#include "broker/calls/headers.h"
#include "broker/calls/identity.h"
#include "broker/calls/long-calls.h"
#include "broker/calls/methods.h"
#include "broker/calls/request.h"
#include "common/cleanup.h"
#include "common/clock.h"
#include "common/daemon.h"
#include "common/doors.h"
#include "common/rpc/wire-call.h"

#define RPC_PATH "/RPC2"
#define CLOSED "The broker is being stopped. Nothing was done."

static const struct http_limits LIMITS = {
    .connections = 900,
    .body = RPC_CALL_MAX,
    .headers = 8192,
    .read_usec = 10 * USEC_PER_SEC,
    .write_usec = 10 * USEC_PER_SEC,
    .pending_max = PLACES_SUM,
    .send_buffer = 16384,
};

struct door {
    struct daemon *daemon;
    struct gate gate;
    const struct services *services;
    struct http_server *server;
    struct places places;
    struct long_calls *long_calls;
    bool closed;
};

DEFINE_CLEANUP(struct door *, door_free);

/* --- HTTP --- */

static void reply_text(struct http_request *http, unsigned status, const char *text, const char *header,
                       const char *value)
{
    char line[256];
    int length = snprintf(line, sizeof(line), "%s\n", text);
    struct MHD_Response *response =
        http_response_new(line, length > 0 ? strnlen(line, sizeof(line)) : 0, "text/plain; charset=utf-8");

    if (response && header)
        (void)MHD_add_response_header(response, header, value);
    http_reply(http, status, response);
}

static void on_refused(struct http_request *http, unsigned status, const char *reason,
                       _unused_ void *userdata)
{
    if (status == MHD_HTTP_TOO_MANY_REQUESTS)
        reply_text(http, status, reason, MHD_HTTP_HEADER_RETRY_AFTER, "1");
    else
        http_reply_text(http, status, reason);
}

static bool is_media_type(const char *header)
{
    size_t length = header ? strcspn(header, "; \t") : 0;

    return length == strlen(REQUEST_MEDIA_TYPE) && strncasecmp(header, REQUEST_MEDIA_TYPE, length) == 0;
}

/* True when the request is answered already. */
static bool refuse_http(struct http_request *http)
{
    if (strcmp(http_request_path(http), RPC_PATH) != 0 || http_request_has_query(http))
        http_reply_text(http, MHD_HTTP_NOT_FOUND, "There is nothing here but " RPC_PATH ".");
    else if (http_request_method(http) != HTTP_METHOD_POST)
        reply_text(http, MHD_HTTP_METHOD_NOT_ALLOWED, "XML-RPC is sent with POST.", MHD_HTTP_HEADER_ALLOW,
                   "POST");
    else if (http_request_header_count(http, MHD_HTTP_HEADER_CONTENT_TYPE) != 1 ||
             !is_media_type(http_request_header(http, MHD_HTTP_HEADER_CONTENT_TYPE)))
        http_reply_text(http, MHD_HTTP_UNSUPPORTED_MEDIA_TYPE, "XML-RPC is sent as " REQUEST_MEDIA_TYPE ".");
    else
        return false;
    return true;
}

/* True when the request is answered already. */
static bool refuse_peer(const struct door *door, struct http_request *http, struct peer *ret)
{
    const struct gate *gate = &door->gate;
    char text[160];

    if (peer_identify(gate, http, ret) == 0)
        return false;
    (void)snprintf(text, sizeof(text), "%s is for root and members of the group %s only.", gate->socket,
                   gate->group);
    audit_peer(door->services->audit, gate, ret, text);
    http_reply_text(http, MHD_HTTP_FORBIDDEN, text);
    return true;
}

/* True when the request is answered already. */
static bool refuse_headers(const struct door *door, struct http_request *http, struct peer *peer,
                           struct headers *ret)
{
    const struct gate *gate = &door->gate;
    const char *wrong;
    char text[160];
    int r;

    peer->is_front = gate->who == GATE_PEER && policy_is_front(door->services->policy->policy, peer->user);
    r = headers_read(peer->is_front ? GATE_VOUCHED : gate->who, http, ret, &wrong);
    if (r == 0) {
        (void)snprintf(peer->client, sizeof(peer->client), "%s", ret->client ? ret->client : "");
        return false;
    }
    headers_describe(r, wrong, gate, text, sizeof(text));
    audit_peer(door->services->audit, gate, peer, text);
    http_reply_text(http, MHD_HTTP_BAD_REQUEST, text);
    return true;
}

/* --- XML-RPC --- */

/* Where the peer has to say who asks, and did not: its own call, or none at all. */
static bool refuse_unnamed(struct request *request, const struct wire_call *call)
{
    char text[160];

    if (request->gate->who != GATE_VOUCHED || request->login != LOGIN_MISSING ||
        (call->method && method_find(call->method)->for_fronts))
        return false;
    headers_describe_nobody(request->gate, text, sizeof(text));
    audit_peer(request->services->audit, request->gate, &request->peer, text);
    http_reply_text(request->http, MHD_HTTP_BAD_REQUEST, text);
    request_drop(request);
    return true;
}

static void parse(struct request *request)
{
    _cleanup_(wire_call_done) struct wire_call call = { 0 };
    char text[WIRE_REASON_SIZE];
    const char *body;
    size_t size;
    int fault;

    body = http_request_body(request->http, &size);
    fault = wire_call_parse(body, size, &call, text);
    if (refuse_unnamed(request, &call))
        return;
    if (fault)
        request_fault(request, fault, text, 0);
    else
        request->services->dispatch(request, &call);
}

/* Its turn has come. */
static void read_long(struct request *request, void *userdata)
{
    const struct door *door = userdata;

    if (!door->closed) {
        parse(request);
        return;
    }
    http_reply_text(request->http, MHD_HTTP_SERVICE_UNAVAILABLE, CLOSED);
    request_drop(request);
}

static void take(const struct door *door, struct request *request)
{
    size_t size;

    (void)http_request_body(request->http, &size);
    if (size > LONG_CALL)
        long_calls_take(door->long_calls, request);
    else
        parse(request);
}

static struct request *request_new(struct door *door, struct http_request *http, const struct peer *peer,
                                   const struct headers *headers)
{
    struct request *request = calloc(1, sizeof(*request));

    if (!request)
        return NULL;
    *request = (struct request){
        .services = door->services,
        .gate = &door->gate,
        .places = &door->places,
        .http = http,
        .peer = *peer,
        .begin_usec = clock_usec(),
    };
    if (identity_find(request, headers) < 0) {
        request_drop(request);
        return NULL;
    }
    return request;
}

static void on_request(struct http_request *http, void *userdata)
{
    struct door *door = userdata;
    struct request *request;
    struct headers headers;
    struct peer peer;

    daemon_touch(door->daemon);
    if (refuse_peer(door, http, &peer) || refuse_headers(door, http, &peer, &headers) || refuse_http(http))
        return;
    if (door->closed) {
        http_reply_text(http, MHD_HTTP_SERVICE_UNAVAILABLE, CLOSED);
        return;
    }
    request = request_new(door, http, &peer, &headers);
    if (request)
        take(door, request);
    else
        http_reply_text(http, MHD_HTTP_SERVICE_UNAVAILABLE, "The broker is out of memory. Nothing was done.");
}

/* --- the door --- */

static void on_activity(void *userdata)
{
    const struct door *door = userdata;

    daemon_touch(door->daemon);
}

static int find_socket(const struct gate *gate, int *ret)
{
    int r = daemon_listen_fds(gate->fd_name, 1, ret);

    if (r >= 0 || (r == -ENOENT && gate->optional))
        return r;
    daemon_say_no_socket("restarter-broker", gate->fd_name, 1, r);
    if (r == -ENOENT)
        (void)fputs("systemd starts this program when somebody connects: "
                    "systemctl start " DOOR_CLIENTS_UNIT " " DOOR_WEB_UNIT "\n",
                    stderr);
    return r;
}

static int serve(struct door *door, int fd)
{
    const struct http_callbacks callbacks = {
        .handle = on_request,
        .refuse = on_refused,
        .activity = on_activity,
        .userdata = door,
    };

    return http_server_new(daemon_event(door->daemon), fd, &LIMITS, &callbacks, &door->server);
}

int door_new(struct daemon *daemon, const struct gate *gate, const struct services *services,
             struct door **ret)
{
    _cleanup_(door_freep) struct door *door = calloc(1, sizeof(*door));
    int fd = -1, r;

    if (!door)
        return -ENOMEM;
    door->daemon = daemon;
    door->gate = *gate;
    door->services = services;
    places_init(&door->places);
    r = find_socket(gate, &fd);
    if (r == -ENOENT && gate->optional) {
        *ret = NULL;
        return 0;
    }
    if (r < 0)
        return r;
    door_find_group(door);
    r = long_calls_new(daemon_event(daemon), read_long, door, &door->long_calls);
    if (r >= 0)
        r = serve(door, fd);
    if (r < 0)
        return r;
    *ret = TAKE_PTR(door);
    return 0;
}

struct door *door_free(struct door *door)
{
    if (!door)
        return NULL;
    long_calls_free(door->long_calls);
    http_server_free(door->server);
    free(door);
    return NULL;
}

void door_find_group(struct door *door)
{
    if (door)
        gate_find_group(&door->gate);
}

void door_close(struct door *door)
{
    if (!door)
        return;
    door->closed = true;
    http_server_quiesce(door->server);
}

unsigned door_connections(const struct door *door)
{
    return door ? http_server_connections(door->server) : 0;
}

unsigned door_pending(const struct door *door)
{
    return door ? http_server_pending(door->server) : 0;
}
