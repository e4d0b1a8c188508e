/* Nothing a stranger sent reaches the broker as it came: the bytes are screened and parsed here, the method
 * has to be one of a closed list, and what goes on is written anew. The same on the way back. */
#include "webfront/calls/relay.h"

#include <stdlib.h>
#include <string.h>

#include "common/cleanup.h"
#include "common/machines/machines-read.h"
#include "common/refusal.h"
#include "common/rpc/wire-call.h"
#include "webfront/calls/answer.h"
#include "webfront/calls/audit.h"
#include "webfront/calls/calls.h"
#include "webfront/calls/fars.h"
#include "webfront/calls/gate.h"
#include "webfront/calls/list-cache.h"
#include "webfront/calls/list-rpc.h"
#include "webfront/calls/programs.h"
#include "webfront/calls/relay-multicall.h"

/* Where an answer goes. */
struct way {
    struct http_request *request;
    struct relay_multicall *multicall; /* which the call is part of; NULL: none */
    size_t i;                          /* of these calls */
};

struct relay {
    struct call call; /* first */
    struct parts *parts;
    const struct wire_method *method;
    char press[WIRE_PRESS_MAX + 1];
    struct way way;
};

/* What waits is for scripts on this machine. */
static bool is_taken(const struct wire_method *method)
{
    return wire_method_id(method) != WIRE_METHOD_CHANGES;
}

/* Who asks for the methods' names is told those that he can call here. */
static void leave_out(struct wire_names *names)
{
    size_t n = 0;

    for (size_t i = 0; i < names->n; i++) {
        const struct wire_method *method = wire_method_find(names->items[i]);

        if (method && is_taken(method))
            names->items[n++] = names->items[i];
        else
            free((char *)names->items[i]);
    }
    names->n = n;
}

/* By the fault, or by what stands beside an answer that is none. */
static int refusal_in(const struct wire_answer *answer, unsigned beside)
{
    return answer->kind == WIRE_FAULT ? answer->fault.code : (int)beside;
}

/* A fault is an answer as well; but who has to log in is told so as programs expect it. */
static void reply(const struct way *way, const struct wire_answer *answer, int refusal, unsigned retry_after)
{
    struct MHD_Response *response;

    if (way->multicall) {
        relay_multicall_answer(way->multicall, way->i, answer, refusal);
        return;
    }
    response = answer_new_rpc(answer, retry_after);
    if (refusal == REFUSAL_LOGIN)
        gate_ask(&response, way->request);
    http_reply(way->request, refusal == REFUSAL_LOGIN ? MHD_HTTP_UNAUTHORIZED : MHD_HTTP_OK, response);
}

static void reply_fault(const struct way *way, int code, const char *message, unsigned retry_after)
{
    const struct wire_answer answer = { .kind = WIRE_FAULT, .fault = { code, message } };

    reply(way, &answer, code, retry_after);
}

static void reply_plain(const struct way *way, const struct outcome *outcome)
{
    const struct wire_answer answer = {
        .kind = WIRE_PLAIN,
        .plain = { .success = false, .message = outcome->message },
    };

    reply(way, &answer, outcome->code, outcome->retry_after);
}

/* An end without an answer of the broker's own. `code` is for those that are told by a fault. */
static void reply_outcome(const struct way *way, const struct wire_method *method,
                          const struct outcome *outcome, int code)
{
    if (method->answer == WIRE_PLAIN)
        reply_plain(way, outcome);
    else
        reply_fault(way, code, outcome->message, outcome->retry_after);
}

static void reply_transport(struct relay *relay, const struct rpc_client_answer *answer)
{
    struct call *call = &relay->call;
    _cleanup_(outcome_done) struct outcome outcome = outcome_of_transport(answer, relay->method->verb == 0);

    if (call->verb != 0)
        outcome_speak_of(&outcome, call->verb);
    outcome_speak_of_machine(&outcome, relay->parts->machine, relay->press);
    if (call->verb != 0)
        audit_outcome(relay->parts, call->request, &outcome, call->unit, call->since_usec);
    reply_outcome(&relay->way, relay->method, &outcome, call->verb != 0 ? outcome.code : RPC_FAULT_TRANSPORT);
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
    audit_outcome(relay->parts, call->request, &outcome, call->unit, call->since_usec);
}

/* A fault of another machine's says whose it is. */
static void name_machine(const struct relay *relay, struct wire_answer *answer)
{
    struct outcome outcome;

    if (answer->kind != WIRE_FAULT)
        return;
    outcome = outcome_refused(answer->fault.code, answer->fault.message);
    outcome_speak_of_machine(&outcome, relay->parts->machine, "");
    if (!outcome.owned)
        return;
    free((char *)answer->fault.message);
    answer->fault.message = outcome.owned;
}

static void on_answered(struct call *call, const struct rpc_client_answer *answer)
{
    struct relay *relay = (struct relay *)call;
    _cleanup_(wire_answer_done) struct wire_answer wire = { 0 };
    int refusal;

    if (answer->result == RPC_CLIENT_ANSWERED &&
        wire_answer_parse(relay->method->answer, answer->body, answer->size, &wire) == 0) {
        refusal = refusal_in(&wire, answer->refusal);
        if (refusal == REFUSAL_LOGIN && !relay->way.multicall &&
            programs_ask_again(relay->parts, call->request, accept_of(call->request, FORMAT_TEXT)))
            return;
        audit_odd(relay, &wire);
        name_machine(relay, &wire);
        if (wire.kind == WIRE_NAMES)
            leave_out(&wire.names);
        reply(&relay->way, &wire, refusal, answer->retry_after);
    } else {
        reply_transport(relay, answer);
    }
    if (relay->method->verb != 0)
        note_change(relay->parts, &wire);
}

static void send_on(struct parts *parts, const struct way *way, const struct rpc_client_caller *caller,
                    const struct wire_call *what)
{
    struct relay *relay = calloc(1, sizeof(*relay));

    if (!relay) {
        reply_fault(way, RPC_FAULT_INTERNAL, "Out of memory. Nothing was done.", 0);
        return;
    }
    relay->call.answered = on_answered;
    relay->parts = parts;
    relay->method = what->method;
    relay->way = *way;
    (void)stpcpy(relay->press, what->press);
    relay->call.is_part = way->multicall != NULL;
    if (way->multicall)
        relay_multicall_wait(way->multicall, way->i, &relay->call);
    calls_start(parts->calls, &relay->call, way->request, caller, what);
}

static void start(struct parts *parts, const struct way *way, const struct rpc_client_caller *caller,
                  const struct wire_call *what)
{
    _cleanup_(outcome_done) struct outcome full = way->multicall
                                                      ? calls_refuse_part(parts->calls, caller, what)
                                                      : calls_refuse(parts->calls, caller, what);

    if (!full.message) {
        send_on(parts, way, caller, what);
        return;
    }
    outcome_speak_of_machine(&full, parts->machine, "");
    audit_outcome(parts, way->request, &full, NULL, 0);
    reply_outcome(way, what->method, &full, full.code);
}

/* Many may ask for the list at once, and it may be long: it comes from the list cache. */
static bool ask_list(struct parts *parts, const struct way *way, const struct rpc_client_caller *caller,
                     const struct wire_list_options *part)
{
    return way->multicall ? relay_multicall_list(way->multicall, way->i, parts, caller, part)
                          : list_rpc(parts, way->request, caller, part);
}

static void refuse_call(struct parts *parts, const struct way *way, int code, const char *message)
{
    const struct outcome outcome = { .kind = OUTCOME_REFUSED, .code = code, .message = message };

    audit_outcome(parts, way->request, &outcome, NULL, 0);
    reply_fault(way, code, message, code == REFUSAL_BUSY ? 1 : 0);
}

static void hand_on(struct parts *there, const struct way *way, const struct rpc_client_caller *caller,
                    const struct wire_call *call)
{
    if (calls_stopping(there->calls) || call->method->answer != WIRE_LIST)
        start(there, way, caller, call);
    else if (!ask_list(there, way, caller, &call->list))
        reply_fault(way, REFUSAL_BUSY, LIST_FULL, 1);
}

/* To the machine that it names, or to none. */
static void dispatch(struct parts *parts, const struct way *way, const struct rpc_client_caller *caller,
                     const struct wire_call *call)
{
    struct parts *there = fars_choose(parts, call->machine);

    if (there)
        hand_on(there, way, caller, call);
    else
        refuse_call(parts, way, RPC_FAULT_PARAMS,
                    "Nothing was done: there is no machine of that name. Its administrator names them "
                    "in " MACHINES_PATH ".");
}

static void refuse(struct parts *parts, struct http_request *request, unsigned status, const char *message)
{
    struct outcome outcome = outcome_refused_http(status, message);

    audit_outcome(parts, request, &outcome, NULL, 0);
    answer_fixed(parts->answers, request, accept_of(request, FORMAT_TEXT), &outcome);
}

/* Each with the door, the places, the record and the list that it has by itself. */
static void begin_part(struct parts *parts, struct http_request *request, struct relay_multicall *multicall,
                       size_t i, const struct rpc_client_caller *caller, const struct wire_part *part)
{
    const struct way way = { request, multicall, i };

    if (part->fault)
        refuse_call(parts, &way, part->fault, part->reason);
    else
        dispatch(parts, &way, caller, &part->call);
}

static void begin_multicall(struct parts *parts, const struct way *way,
                            const struct rpc_client_caller *caller, struct wire_call *call)
{
    if (!relay_multicall_start(parts, way->request, caller, call, begin_part))
        refuse_call(parts, way, REFUSAL_BUSY,
                    "Nothing was done: too many wait for several calls in one. Try again in a moment.");
}

void relay_post(struct parts *parts, struct http_request *request, const struct rpc_client_caller *caller)
{
    _cleanup_(wire_call_done) struct wire_call call = { 0 };
    const struct way way = { .request = request };
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
        refuse_call(parts, &way, fault, reason);
    else if (!is_taken(call.method))
        refuse_call(
            parts, &way, RPC_FAULT_METHOD,
            "restarter.changes waits, and is for scripts on this machine. What changes is told by GET "
            "/events.");
    else if (wire_method_id(call.method) == WIRE_METHOD_MULTICALL)
        begin_multicall(parts, &way, caller, &call);
    else
        dispatch(parts, &way, caller, &call);
}
