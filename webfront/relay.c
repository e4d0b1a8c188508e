/* Nothing a stranger sent reaches the broker as it came: the bytes are screened and parsed here, the method
 * has to be one of a closed list, and what goes on is written anew. The same on the way back. */
#include "webfront/relay.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/cleanup.h"
#include "common/refusal.h"
#include "common/rpc.h"
#include "webfront/answer.h"
#include "webfront/audit.h"
#include "webfront/calls.h"
#include "webfront/list-cache.h"
#include "webfront/views.h"

enum relay_kind {
    RELAY_READ,    /* changes nothing */
    RELAY_RESTART, /* a refusal is a fault */
    RELAY_PLAIN,   /* a refusal is {success: false, message} */
};

static const struct relay_method {
    const char *name;
    enum relay_kind kind;
    bool listed; /* many may ask at once, and it may be long: from the list cache */
} METHODS[] = {
    { "restart_unit", RELAY_PLAIN, false },      { "restarter.restart", RELAY_RESTART, false },
    { "restarter.list", RELAY_READ, true },      { "restarter.status", RELAY_READ, false },
    { "system.listMethods", RELAY_READ, false },
};

struct relay {
    struct call call; /* first */
    enum relay_kind kind;
};

/* Takes the block over. */
static void reply_block(struct http_request *request, xmlrpc_mem_block *block, unsigned retry_after)
{
    http_reply(request, MHD_HTTP_OK, answer_new_rpc(block, retry_after));
}

static void reply_fault(struct http_request *request, int code, const char *message, unsigned retry_after)
{
    reply_block(request, rpc_fault_serialize(code, message), retry_after);
}

static void reply_plain(struct http_request *request, const struct outcome *outcome)
{
    struct rpc_struct s = rpc_struct_begin();
    xmlrpc_value *value;

    rpc_struct_bool(&s, "success", false);
    rpc_struct_string(&s, "message", outcome->message);
    value = rpc_struct_end(&s);
    reply_block(request, rpc_response_serialize(value), outcome->retry_after);
    if (value)
        xmlrpc_DECREF(value);
}

/* An end without an answer of the broker's own. */
static void reply_outcome(struct http_request *request, enum relay_kind kind, const struct outcome *outcome)
{
    if (kind == RELAY_PLAIN)
        reply_plain(request, outcome);
    else
        reply_fault(request, kind == RELAY_READ ? RPC_FAULT_TRANSPORT : outcome->code, outcome->message,
                    outcome->retry_after);
}

static void reply_transport(struct relay *relay, const struct rpc_client_answer *answer)
{
    struct call *call = &relay->call;
    _cleanup_(outcome_done) struct outcome outcome = outcome_of_transport(answer, relay->kind == RELAY_READ);

    if (relay->kind != RELAY_READ)
        audit_outcome(call->app, call->request, &outcome, NULL, call->since_usec);
    reply_outcome(call->request, relay->kind, &outcome);
}

/* Passes it on, and returns what it says of the unit. restart_unit says "false" of a refusal and of a job
 * that failed alike: something may have been restarted then. */
static enum outcome_kind reply_answer(struct relay *relay, const struct rpc_client_answer *answer)
{
    _cleanup_(rpc_response_done) struct rpc_response response = { 0 };
    struct rpc_client_answer senseless = { .result = RPC_CLIENT_UNKNOWN };
    struct http_request *request = relay->call.request;
    const char *reason;
    bool success = false;

    if (rpc_response_parse(answer->body, answer->size, &response, &reason) != 0) {
        reply_transport(relay, &senseless);
        return OUTCOME_UNKNOWN;
    }
    if (response.fault_string) {
        reply_fault(request, response.fault_code, response.fault_string, answer->retry_after);
        return outcome_kind_of_fault(response.fault_code);
    }
    reply_block(request, rpc_response_serialize(response.value), answer->retry_after);
    return rpc_get_bool(response.value, "success", &success) && success ? OUTCOME_SUCCEEDED : OUTCOME_FAILED;
}

static void on_answered(struct call *call, const struct rpc_client_answer *answer)
{
    struct relay *relay = (struct relay *)call;
    struct app *app = call->app;
    enum outcome_kind end = OUTCOME_UNKNOWN;

    if (answer->result == RPC_CLIENT_ANSWERED)
        end = reply_answer(relay, answer);
    else
        reply_transport(relay, answer);
    if (relay->kind != RELAY_READ && end != OUTCOME_REFUSED) {
        app->restarts += end == OUTCOME_SUCCEEDED || (end == OUTCOME_FAILED && relay->kind == RELAY_RESTART);
        list_cache_drop(app->list);
    }
    free(relay);
}

static const struct relay_method *find_method(const char *name)
{
    for (size_t i = 0; i < sizeof(METHODS) / sizeof(*METHODS); i++)
        if (strcmp(METHODS[i].name, name) == 0)
            return &METHODS[i];
    return NULL;
}

static void start(struct app *app, struct http_request *request, const struct relay_method *method,
                  xmlrpc_value *params)
{
    struct relay *relay = calloc(1, sizeof(*relay));

    if (!relay) {
        http_reply(request, 0, NULL);
        return;
    }
    relay->call.app = app;
    relay->call.request = request;
    relay->call.answered = on_answered;
    relay->kind = method->kind;
    xmlrpc_INCREF(params);
    calls_start(&relay->call, method->name, params,
                method->kind == RELAY_READ ? APP_READ_USEC : APP_RESTART_USEC);
}

static void dispatch(struct app *app, struct http_request *request, const struct rpc_call *call)
{
    const struct relay_method *method = find_method(call->method);
    const char *reason = calls_refuse(app);
    struct outcome full;

    if (!method) {
        reply_fault(request, RPC_FAULT_METHOD, "There is no such method here; system.listMethods names them.",
                    0);
        return;
    }
    if (!app->stopping && method->listed && rpc_params_strings(call->params, 0, 0, NULL)) {
        if (views_rpc(app, request))
            return;
        reason = VIEWS_FULL;
    }
    if (!reason) {
        start(app, request, method, call->params);
        return;
    }
    full = outcome_refused(REFUSAL_BUSY, reason);
    full.retry_after = 2;
    audit_outcome(app, request, &full, NULL, 0);
    reply_outcome(request, method->kind, &full);
}

static void refuse(struct app *app, struct http_request *request, unsigned status, const char *message)
{
    struct outcome outcome = outcome_refused_http(status, message);

    audit_outcome(app, request, &outcome, NULL, 0);
    answer_fixed(app, request, accept_choose(http_request_header(request, "Accept"), FORMAT_TEXT), &outcome);
}

static void refuse_bytes(struct app *app, struct http_request *request, const char *reason)
{
    struct outcome outcome = { .kind = OUTCOME_REFUSED, .code = RPC_FAULT_PARSE };
    char message[256];

    (void)snprintf(message, sizeof(message), "This is not an XML-RPC call that is taken here: %s.", reason);
    outcome.message = message;
    audit_outcome(app, request, &outcome, NULL, 0);
    reply_fault(request, RPC_FAULT_PARSE, message, 0);
}

void relay_post(struct app *app, struct http_request *request)
{
    _cleanup_(rpc_call_done) struct rpc_call call = { 0 };
    const char *reason = NULL, *body;
    size_t size;

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
    if (rpc_call_parse(body, size, &call, &reason) == 0)
        dispatch(app, request, &call);
    else
        refuse_bytes(app, request, reason);
}
