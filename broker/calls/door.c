/* Gate, framing, parser, table. */
#include "broker/calls/door.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "broker/calls/audit.h"
#include "broker/calls/members.h"
#include "broker/calls/methods.h"
#include "broker/calls/request.h"
#include "common/cleanup.h"
#include "common/clock.h"
#include "common/daemon.h"
#include "common/doors.h"
#include "common/rpc/wire-call.h"

#define RPC_PATH "/RPC2"

static const struct http_limits LIMITS = {
    .connections = 768,
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
static bool refuse_peer(struct http_request *http, const struct gate *gate, struct peer *ret)
{
    char text[160];

    switch (peer_identify(gate, http, ret)) {
    case 0:
        return false;
    case PEER_E_HEADERS:
        http_reply_text(http, MHD_HTTP_BAD_REQUEST,
                        "The headers that say whom the call is for are malformed.");
        return true;
    default:
        (void)snprintf(text, sizeof(text), "%s is for root and members of the group %s only.", gate->socket,
                       gate->group);
        audit_peer(gate, ret, text);
        http_reply_text(http, MHD_HTTP_FORBIDDEN, text);
        return true;
    }
}

/* --- XML-RPC --- */

static void dispatch(struct request *request, const struct wire_call *call)
{
    const struct method *method = method_find(call->method);
    struct outcome full = { 0 };

    request->method = call->method;
    if (place_take(request->places, method->place, NULL, &request->place, &full))
        method->handle(request, call);
    else
        request_refuse(request, &full);
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
    if (fault) {
        request_fault(request, fault, text, 0);
        return;
    }
    dispatch(request, &call);
}

static struct request *request_new(struct door *door, struct http_request *http, const struct peer *peer)
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
    if (members_identify(door->services->members, &door->gate, http, peer, &request->person) < 0) {
        person_done(&request->person);
        free(request);
        return NULL;
    }
    return request;
}

static void on_request(struct http_request *http, void *userdata)
{
    struct door *door = userdata;
    struct request *request;
    struct peer peer;

    daemon_touch(door->daemon);
    if (refuse_peer(http, &door->gate, &peer) || refuse_http(http))
        return;
    if (door->closed) {
        http_reply_text(http, MHD_HTTP_SERVICE_UNAVAILABLE, "The broker is being stopped. Nothing was done.");
        return;
    }
    request = request_new(door, http, &peer);
    if (request)
        parse(request);
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

    if (r >= 0)
        return 0;
    daemon_say_no_socket("restarter-broker", gate->fd_name, 1, r);
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
    if (r < 0)
        return r;
    door_find_group(door);
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
    http_server_free(door->server);
    free(door);
    return NULL;
}

void door_find_group(struct door *door)
{
    gate_find_group(&door->gate);
}

void door_close(struct door *door)
{
    door->closed = true;
    http_server_quiesce(door->server);
}

unsigned door_connections(const struct door *door)
{
    return http_server_connections(door->server);
}

unsigned door_pending(const struct door *door)
{
    return http_server_pending(door->server);
}
