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

/* An end without an answer of the broker's own. */
static void reply_outcome(struct http_request *request, const struct wire_method *method,
                          const struct outcome *outcome)
{
    if (method->answer == WIRE_PLAIN)
        reply_plain(request, outcome);
    else
        reply_fault(request, method->verb != 0 ? outcome->code : RPC_FAULT_TRANSPORT, outcome->message,
                    outcome->retry_after);
}

static void reply_transport(struct relay *relay, const struct rpc_client_answer *answer)
{
    struct call *call = &relay->call;
    _cleanup_(outcome_done) struct outcome outcome = outcome_of_transport(answer, relay->method->verb == 0);

    if (relay->method->verb != 0)
        audit_outcome(call->app, call->request, &outcome, NULL, call->since_usec);
    reply_outcome(call->request, relay->method, &outcome);
}

/* Something was restarted, or may have been. restart_unit says "false" of a refusal and of a job that failed
 * alike. */
static void note_change(struct app *app, const struct wire_answer *answer)
{
    if (answer->kind == WIRE_FAULT && meaning_of_fault(answer->fault.code, true) != MEANING_UNKNOWN)
        return;
    app->restarts += answer->kind == WIRE_RESTART || (answer->kind == WIRE_PLAIN && answer->plain.success);
    list_cache_drop(app->list);
}

/* What the broker cannot have recorded. */
static void audit_odd(const struct relay *relay, const struct wire_answer *answer)
{
    const struct call *call = &relay->call;
    struct outcome outcome;

    if (relay->method->verb == 0 || answer->kind != WIRE_FAULT || !outcome_is_odd_fault(answer->fault.code))
        return;
    outcome = outcome_refused(REFUSAL_UNKNOWN, OUTCOME_BROKER_BROKE);
    audit_outcome(call->app, call->request, &outcome, NULL, call->since_usec);
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
        note_change(call->app, &wire);
    free(relay);
}

static void on_dropped(struct call *call)
{
    free(call);
}

static void refuse_busy(const struct relay *relay, const struct outcome *outcome)
{
    audit_outcome(relay->call.app, relay->call.request, outcome, NULL, 0);
    if (relay->method->answer == WIRE_PLAIN)
        reply_outcome(relay->call.request, relay->method, outcome);
    else
        reply_fault(relay->call.request, outcome->code, outcome->message, outcome->retry_after);
}

static void start(struct app *app, struct http_request *request, const struct wire_call *call)
{
    struct relay *relay = calloc(1, sizeof(*relay));
    _cleanup_(outcome_done) struct outcome full = { 0 };

    if (!relay) {
        http_reply(request, 0, NULL);
        return;
    }
    relay->call = (struct call){
        .app = app,
        .request = request,
        .kind = call->method->verb != 0 ? CALL_RESTART : CALL_READ,
        .verb = call->method->verb,
        .answered = on_answered,
        .dropped = on_dropped,
    };
    relay->method = call->method;
    if (call->unit)
        calls_set_unit(&relay->call, call->unit);
    full = calls_refuse(app, &relay->call);
    if (full.message) {
        refuse_busy(relay, &full);
        free(relay);
        return;
    }
    calls_start(&relay->call, call, call->method->verb != 0 ? app->restart_usec : APP_READ_USEC);
}

/* Many may ask for the list at once, and it may be long: it comes from the list cache. */
static void dispatch(struct app *app, struct http_request *request, const struct wire_call *call)
{
    if (app->stopping || call->method->answer != WIRE_LIST)
        start(app, request, call);
    else if (!views_rpc(app, request))
        reply_fault(request, REFUSAL_BUSY, VIEWS_FULL, 1);
}

static void refuse(struct app *app, struct http_request *request, unsigned status, const char *message)
{
    struct outcome outcome = outcome_refused_http(status, message);

    audit_outcome(app, request, &outcome, NULL, 0);
    answer_fixed(app, request, accept_choose(http_request_header(request, "Accept"), FORMAT_TEXT), &outcome);
}

static void refuse_call(struct app *app, struct http_request *request, int code, const char *message)
{
    const struct outcome outcome = { .kind = OUTCOME_REFUSED, .code = code, .message = message };

    audit_outcome(app, request, &outcome, NULL, 0);
    reply_fault(request, code, message, 0);
}

void relay_post(struct app *app, struct http_request *request)
{
    _cleanup_(wire_call_done) struct wire_call call = { 0 };
    char reason[WIRE_REASON_SIZE];
    const char *body;
    size_t size;
    int fault;

    if (http_request_has_query(request)) {
        refuse(app, request, MHD_HTTP_BAD_REQUEST, "XML-RPC calls go to /RPC2 with nothing behind it.");
        return;
    }
    if (http_request_header_count(request, "Content-Type") != 1 ||
        !media_type_is(http_request_header(request, "Content-Type"), "text/xml")) {
        refuse(app, request, MHD_HTTP_UNSUPPORTED_MEDIA_TYPE, "XML-RPC calls are sent as text/xml.");
        return;
    }
    body = http_request_body(request, &size);
    fault = wire_call_parse(body, size, &call, reason);
    if (fault)
        refuse_call(app, request, fault, reason);
    else
        dispatch(app, request, &call);
}
