/* Nothing a stranger sent reaches the broker as it came: the bytes are screened and parsed here, the method
 * has to be one of a closed list, and what goes on is written anew. The same on the way back. */
#include "webfront/calls/relay.h"

#include <stdlib.h>

#include "common/cleanup.h"
#include "common/refusal.h"
#include "common/rpc/wire-call.h"
#include "webfront/calls/answer.h"
#include "webfront/calls/audit.h"
#include "webfront/calls/calls.h"
#include "webfront/calls/list-cache.h"
#include "webfront/calls/views.h"

struct relay {
    struct call call; /* first */
    struct parts *parts;
    const struct wire_method *method;
};

static void reply(struct http_request *request, const struct wire_answer *answer, unsigned retry_after)
{
    http_reply(request, MHD_HTTP_OK, answer_new_rpc(answer, retry_after));
}

static void reply_fault(struct http_request *request, int code, const char *message, unsigned retry_after)
{
    const struct wire_answer answer = { .kind = WIRE_FAULT, .fault = { code, message } };

    reply(request, &answer, retry_after);
}

static void reply_plain(struct http_request *request, const struct outcome *outcome)
{
    const struct wire_answer answer = {
        .kind = WIRE_PLAIN,
        .plain = { .success = false, .message = outcome->message },
    };

    reply(request, &answer, outcome->retry_after);
}

/* An end without an answer of the broker's own. `code` is for those that are told by a fault. */
static void reply_outcome(struct http_request *request, const struct wire_method *method,
                          const struct outcome *outcome, int code)
{
    if (method->answer == WIRE_PLAIN)
        reply_plain(request, outcome);
    else
        reply_fault(request, code, outcome->message, outcome->retry_after);
}

static void reply_transport(struct relay *relay, const struct rpc_client_answer *answer)
{
    struct call *call = &relay->call;
    _cleanup_(outcome_done) struct outcome outcome = outcome_of_transport(answer, relay->method->verb == 0);

    if (call->verb != 0) {
        outcome_speak_of(&outcome, call->verb);
        audit_outcome(relay->parts->audit, call->request, &outcome, NULL, call->since_usec);
    }
    reply_outcome(call->request, relay->method, &outcome,
                  call->verb != 0 ? outcome.code : RPC_FAULT_TRANSPORT);
}

/* Something was restarted, or may have been. restart_unit says "false" of a refusal and of a job that failed
 * alike. */
static void note_change(struct parts *parts, const struct wire_answer *answer)
{
    if (answer->kind == WIRE_FAULT && meaning_of_fault(answer->fault.code, true) != MEANING_UNKNOWN)
        return;
    parts->audit->restarts +=
        answer->kind == WIRE_RESTART || (answer->kind == WIRE_PLAIN && answer->plain.success);
    list_cache_drop(parts->list);
}

/* What the broker cannot have recorded. */
static void audit_odd(const struct relay *relay, const struct wire_answer *answer)
{
    const struct call *call = &relay->call;
    struct outcome outcome;

    if (relay->method->verb == 0 || answer->kind != WIRE_FAULT || !outcome_is_odd_fault(answer->fault.code))
        return;
    outcome = outcome_refused(REFUSAL_UNKNOWN, OUTCOME_BROKER_BROKE);
    outcome.verb = call->verb;
    audit_outcome(relay->parts->audit, call->request, &outcome, NULL, call->since_usec);
}

static void on_answered(struct call *call, const struct rpc_client_answer *answer)
{
    struct relay *relay = (struct relay *)call;
    _cleanup_(wire_answer_done) struct wire_answer wire = { 0 };

    if (answer->result == RPC_CLIENT_ANSWERED &&
        wire_answer_parse(relay->method->answer, answer->body, answer->size, &wire) == 0) {
        audit_odd(relay, &wire);
        reply(call->request, &wire, answer->retry_after);
    } else {
        reply_transport(relay, answer);
    }
    if (relay->method->verb != 0)
        note_change(relay->parts, &wire);
}

static void send_on(struct parts *parts, struct http_request *request, const struct wire_call *what)
{
    struct relay *relay = calloc(1, sizeof(*relay));

    if (!relay) {
        http_reply(request, 0, NULL);
        return;
    }
    relay->call.answered = on_answered;
    relay->parts = parts;
    relay->method = what->method;
    calls_start(parts->calls, &relay->call, request, what);
}

static void start(struct parts *parts, struct http_request *request, const struct wire_call *what)
{
    _cleanup_(outcome_done) struct outcome full = calls_refuse(parts->calls, what);

    if (!full.message) {
        send_on(parts, request, what);
        return;
    }
    audit_outcome(parts->audit, request, &full, NULL, 0);
    reply_outcome(request, what->method, &full, full.code);
}

/* Many may ask for the list at once, and it may be long: it comes from the list cache. */
static void dispatch(struct parts *parts, struct http_request *request, const struct wire_call *call)
{
    if (calls_stopping(parts->calls) || call->method->answer != WIRE_LIST)
        start(parts, request, call);
    else if (!views_rpc(parts, request))
        reply_fault(request, REFUSAL_BUSY, VIEWS_FULL, 1);
}

static void refuse(struct parts *parts, struct http_request *request, unsigned status, const char *message)
{
    struct outcome outcome = outcome_refused_http(status, message);

    audit_outcome(parts->audit, request, &outcome, NULL, 0);
    answer_fixed(parts->answers, request, accept_of(request, FORMAT_TEXT), &outcome);
}

static void refuse_call(struct parts *parts, struct http_request *request, int code, const char *message)
{
    const struct outcome outcome = { .kind = OUTCOME_REFUSED, .code = code, .message = message };

    audit_outcome(parts->audit, request, &outcome, NULL, 0);
    reply_fault(request, code, message, 0);
}

void relay_post(struct parts *parts, struct http_request *request)
{
    _cleanup_(wire_call_done) struct wire_call call = { 0 };
    char reason[WIRE_REASON_SIZE];
    const char *body;
    size_t size;
    int fault;

    if (http_request_has_query(request)) {
        refuse(parts, request, MHD_HTTP_BAD_REQUEST, "XML-RPC calls go to /RPC2 with nothing behind it.");
        return;
    }
    if (!accept_content_is(request, "text/xml")) {
        refuse(parts, request, MHD_HTTP_UNSUPPORTED_MEDIA_TYPE, "XML-RPC calls are sent as text/xml.");
        return;
    }
    body = http_request_body(request, &size);
    fault = wire_call_parse(body, size, &call, reason);
    if (fault)
        refuse_call(parts, request, fault, reason);
    else
        dispatch(parts, request, &call);
}
