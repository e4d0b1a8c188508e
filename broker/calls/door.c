/* Gate, framing, parser, table. */
#include "broker/calls/door.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "broker/calls/audit.h"
#include "broker/calls/core.h"
#include "broker/calls/methods.h"
#include "broker/calls/request.h"
#include "common/cleanup.h"
#include "common/clock.h"
#include "common/daemon.h"
#include "common/rpc/wire-call.h"

#define RPC_PATH "/RPC2"

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

void door_refuse(struct http_request *http, unsigned status, const char *reason, _unused_ void *userdata)
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
static bool refuse_peer(struct http_request *http, struct broker_gate *gate, struct peer *ret)
{
    char text[160];

    switch (peer_identify(&gate->gate, http, ret)) {
    case 0:
        return false;
    case PEER_E_HEADERS:
        http_reply_text(http, MHD_HTTP_BAD_REQUEST,
                        "The headers that say whom the call is for are malformed.");
        return true;
    default:
        (void)snprintf(text, sizeof(text), "%s is for root and members of the group %s only.",
                       gate->gate.socket, gate->gate.group);
        audit_peer(gate, ret, text);
        http_reply_text(http, MHD_HTTP_FORBIDDEN, text);
        return true;
    }
}

/* --- XML-RPC --- */

static void dispatch(struct request *request, const struct wire_call *call)
{
    struct outcome full = { 0 };

    request->method = method_find(call->method);
    request->verb = call->method->verb;
    if (place_take(&request->gate->places, request->method->place, NULL, &request->place, &full))
        request->method->handle(request, call);
    else
        request_fault(request, full.refusal, full.sentence, full.retry_after);
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

void door_handle(struct http_request *http, void *userdata)
{
    struct broker_gate *gate = userdata;
    struct request *request;
    struct peer peer;

    daemon_touch(gate->broker->daemon);
    if (refuse_peer(http, gate, &peer) || refuse_http(http))
        return;
    if (gate->broker->stopping) {
        http_reply_text(http, MHD_HTTP_SERVICE_UNAVAILABLE, "The broker is being stopped. Nothing was done.");
        return;
    }
    request = calloc(1, sizeof(*request));
    if (!request) {
        http_reply_text(http, MHD_HTTP_SERVICE_UNAVAILABLE, "The broker is out of memory. Nothing was done.");
        return;
    }
    request->broker = gate->broker;
    request->gate = gate;
    request->http = http;
    request->peer = peer;
    request->begin_usec = clock_usec();
    parse(request);
}
