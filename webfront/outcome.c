/* From the broker's answer to an outcome. The rule: "nothing was restarted" is said only when that is
 * certain. */
#include "webfront/outcome.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/cleanup.h"
#include "common/refusal.h"
#include "common/rpc.h"
#include "webfront/json.h"

#define LOOK_AT_SOCKET                                                                                       \
    " Whoever looks after this machine can see why with: systemctl status restarter-broker-web.socket"

void outcome_done(struct outcome *outcome)
{
    free(outcome->owned);
    if (outcome->value)
        xmlrpc_DECREF(outcome->value);
    *outcome = (struct outcome){ 0 };
}

enum outcome_kind outcome_kind_of_fault(int code)
{
    return code == REFUSAL_UNKNOWN || code == RPC_FAULT_INTERNAL ? OUTCOME_UNKNOWN : OUTCOME_REFUSED;
}

struct outcome outcome_refused(int code, const char *message)
{
    return (struct outcome){
        .kind = outcome_kind_of_fault(code),
        .status = refusal_to_status(code),
        .code = code,
        .message = message,
    };
}

struct outcome outcome_refused_http(unsigned status, const char *message)
{
    struct outcome outcome = outcome_refused(REFUSAL_HTTP, message);

    outcome.status = status;
    return outcome;
}

/* The broker refuses by HTTP before it looks into a call, so nothing was done; its sentence is in the body. A
 * 500 could come from anywhere. */
static struct outcome refused_by_http(const struct rpc_client_answer *answer, bool reading)
{
    int code = answer->status == 403                              ? REFUSAL_PEER
               : answer->retry_after > 0 || answer->status == 503 ? REFUSAL_BUSY
                                                                  : REFUSAL_UNAVAILABLE;
    struct outcome outcome;

    if (answer->status == 500 && !reading)
        return outcome_refused(REFUSAL_UNKNOWN,
                               "The broker failed while it had the request. " OUTCOME_LOOK_FIRST);
    outcome = outcome_refused(code, "The broker turned the request away.");
    outcome.retry_after = answer->retry_after;
    if (asprintf(&outcome.owned, "The broker turned the request away%s: %.*s",
                 reading ? "" : " and restarted nothing", (int)strcspn(answer->body, "\r\n"),
                 answer->body) < 0)
        outcome.owned = NULL;
    else
        outcome.message = outcome.owned;
    return outcome;
}

struct outcome outcome_of_transport(const struct rpc_client_answer *answer, bool reading)
{
    switch (answer->result) {
    case RPC_CLIENT_REFUSED:
        return refused_by_http(answer, reading);
    case RPC_CLIENT_NOT_SENT:
        return outcome_refused(REFUSAL_UNAVAILABLE, reading ? "The broker cannot be reached." LOOK_AT_SOCKET
                                                            : "Nothing was restarted: the broker cannot be "
                                                              "reached." LOOK_AT_SOCKET);
    case RPC_CLIENT_TIMEOUT:
        if (reading)
            return outcome_refused(REFUSAL_UNAVAILABLE, "The broker did not answer in time.");
        return outcome_refused(REFUSAL_UNKNOWN, "The broker did not answer in time. " OUTCOME_LOOK_FIRST);
    default:
        if (answer->error == ECANCELED && !reading)
            return outcome_refused(
                REFUSAL_UNKNOWN,
                "The web front was stopped while the request was under way. " OUTCOME_LOOK_FIRST);
        if (reading)
            return outcome_refused(REFUSAL_UNAVAILABLE,
                                   "The broker's answer did not arrive or made no sense.");
        return outcome_refused(
            REFUSAL_UNKNOWN,
            "The request reached the broker, but no answer came back that makes sense. " OUTCOME_LOOK_FIRST);
    }
}

/* Takes the sentence over. */
static struct outcome outcome_of_fault(int code, char **message)
{
    struct outcome outcome;

    if (code == RPC_FAULT_INTERNAL)
        return outcome_refused(REFUSAL_UNKNOWN,
                               "The broker had a problem of its own with the request. " OUTCOME_LOOK_FIRST);
    outcome = outcome_refused(code, *message);
    outcome.owned = TAKE_PTR(*message);
    return outcome;
}

/* Takes the struct over when it is one. */
static bool outcome_of_value(xmlrpc_value **value, struct outcome *ret)
{
    struct outcome outcome = { .status = 200 };
    bool success;

    if (!*value || !rpc_get_bool(*value, "success", &success) ||
        !rpc_get_string(*value, "message", &outcome.owned))
        return false;
    outcome.kind = success ? OUTCOME_SUCCEEDED : OUTCOME_FAILED;
    outcome.message = outcome.owned;
    outcome.value = TAKE_PTR(*value);
    *ret = outcome;
    return true;
}

struct outcome outcome_of_restart(const struct rpc_client_answer *answer)
{
    _cleanup_(rpc_response_done) struct rpc_response response = { 0 };
    struct rpc_client_answer senseless = { .result = RPC_CLIENT_UNKNOWN };
    struct outcome outcome;
    const char *reason;

    if (answer->result != RPC_CLIENT_ANSWERED)
        return outcome_of_transport(answer, false);
    if (rpc_response_parse(answer->body, answer->size, &response, &reason) != 0)
        return outcome_of_transport(&senseless, false);
    if (response.fault_string) {
        outcome = outcome_of_fault(response.fault_code, &response.fault_string);
        outcome.retry_after = answer->retry_after;
        return outcome;
    }
    return outcome_of_value(&response.value, &outcome) ? outcome : outcome_of_transport(&senseless, false);
}

char *outcome_to_json(const struct outcome *outcome, size_t *ret_size)
{
    const char *name = refusal_to_string(outcome->code);
    struct rpc_struct s;

    if (outcome->value)
        return json_text(outcome->value, ret_size);
    s = rpc_struct_begin();
    rpc_struct_bool(&s, "success", false);
    rpc_struct_string(&s, "message", outcome->message);
    rpc_struct_int(&s, "code", outcome->code);
    rpc_struct_string(&s, "refusal", name ? name : "broker");
    rpc_struct_string(&s, "lock", name ? refusal_to_lock(outcome->code) : "broker");
    if (outcome->retry_after > 0)
        rpc_struct_clamped(&s, "retry_after", outcome->retry_after);
    return json_text_take(rpc_struct_end(&s), ret_size);
}
