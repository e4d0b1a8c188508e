/* From the broker's answer to an outcome. The rule: "nothing was restarted" is said only when that is
 * certain. */
#include "webfront/pages/outcome.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/cleanup.h"
#include "common/refusal.h"
#include "common/text.h"
#include "common/verb.h"

#define LOOK_AT_SOCKET                                                                                       \
    " Whoever looks after this machine can see why with: systemctl status restarter-broker-web.socket"

void outcome_done(struct outcome *outcome)
{
    free(outcome->owned);
    wire_answer_done(&outcome->answer);
    *outcome = (struct outcome){ 0 };
}

bool outcome_has_job(const struct outcome *outcome)
{
    return outcome->answer.kind == WIRE_RESTART;
}

static enum outcome_kind kind_of_code(int code)
{
    return meaning_of_fault(code, true) == MEANING_UNKNOWN ? OUTCOME_UNKNOWN : OUTCOME_REFUSED;
}

bool outcome_is_odd_fault(int code)
{
    return code != REFUSAL_UNKNOWN && kind_of_code(code) == OUTCOME_UNKNOWN;
}

bool outcome_is_brokers(const struct outcome *outcome)
{
    return outcome_has_job(outcome) ||
           (outcome->answer.kind == WIRE_FAULT && !outcome_is_odd_fault(outcome->answer.fault.code));
}

struct outcome outcome_refused(int code, const char *message)
{
    return (struct outcome){
        .kind = kind_of_code(code),
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

void outcome_speak_of(struct outcome *outcome, unsigned verb)
{
    static const char WORD[] = "restarted";
    const char *at = strstr(outcome->message, WORD);
    char *text = NULL;

    outcome->verb = verb;
    if (!at || verb == VERB_RESTART || outcome_is_brokers(outcome) ||
        asprintf(&text, "%.*s%s%s", (int)(at - outcome->message), outcome->message, verb_done(verb),
                 at + strlen(WORD)) < 0)
        return;
    free(outcome->owned);
    outcome->message = outcome->owned = text;
}

/* The broker's sentence is in the body. */
static struct outcome refused_by_http(const struct rpc_client_answer *answer, int code, bool reading)
{
    struct outcome outcome = outcome_refused(code, "The broker turned the request away.");

    if (asprintf(&outcome.owned, "The broker turned the request away%s: %.*s",
                 reading ? "" : " and restarted nothing", (int)strcspn(answer->body, "\r\n"),
                 answer->body) < 0)
        outcome.owned = NULL;
    else
        outcome.message = text_clean(outcome.owned, outcome.owned, strlen(outcome.owned) + 1);
    return outcome;
}

/* Nobody knows, and why. */
static const char *unknown_text(const struct rpc_client_answer *answer)
{
    if (answer->result == RPC_CLIENT_REFUSED)
        return "The broker failed while it had the request. " OUTCOME_LOOK_FIRST;
    if (answer->result == RPC_CLIENT_TIMEOUT)
        return "The broker did not answer in time. " OUTCOME_LOOK_FIRST;
    if (answer->error == ECANCELED)
        return "The web front was stopped while the request was under way. " OUTCOME_LOOK_FIRST;
    return "The request reached the broker, but no answer came back that makes sense. " OUTCOME_LOOK_FIRST;
}

static const char *not_done_text(const struct rpc_client_answer *answer, bool reading)
{
    if (answer->result == RPC_CLIENT_NOT_SENT)
        return reading ? "The broker cannot be reached." LOOK_AT_SOCKET
                       : "Nothing was restarted: the broker cannot be reached." LOOK_AT_SOCKET;
    if (answer->result == RPC_CLIENT_TIMEOUT)
        return "The broker did not answer in time.";
    return "The broker's answer did not arrive or made no sense.";
}

struct outcome outcome_of_transport(const struct rpc_client_answer *answer, bool reading)
{
    int code = meaning_code_of_transport(answer, !reading);

    if (code == REFUSAL_UNKNOWN)
        return outcome_refused(code, unknown_text(answer));
    if (answer->result == RPC_CLIENT_REFUSED) {
        struct outcome outcome = refused_by_http(answer, code, reading);

        outcome.retry_after = answer->retry_after;
        return outcome;
    }
    return outcome_refused(code, not_done_text(answer, reading));
}

/* Takes the answer over. */
static struct outcome outcome_of_fault(struct wire_answer *answer)
{
    struct outcome outcome = outcome_refused(answer->fault.code, answer->fault.message);

    if (outcome_is_odd_fault(answer->fault.code))
        outcome = outcome_refused(REFUSAL_UNKNOWN, OUTCOME_BROKER_BROKE);
    outcome.answer = *answer;
    return outcome;
}

/* Takes the answer over. */
static struct outcome outcome_of_job(struct wire_answer *answer)
{
    return (struct outcome){
        .kind = answer->restart.success ? OUTCOME_SUCCEEDED : OUTCOME_FAILED,
        .status = 200,
        .message = answer->restart.message,
        .answer = *answer,
    };
}

struct outcome outcome_of_restart(const struct rpc_client_answer *answer)
{
    struct wire_answer wire;
    struct outcome outcome;

    if (answer->result != RPC_CLIENT_ANSWERED ||
        wire_answer_parse(WIRE_RESTART, answer->body, answer->size, &wire) != 0)
        return outcome_of_transport(answer, false);
    if (wire.kind == WIRE_RESTART)
        return outcome_of_job(&wire);
    outcome = outcome_of_fault(&wire);
    outcome.retry_after = answer->retry_after;
    return outcome;
}

static struct wire_answer refusal_answer(const struct outcome *outcome)
{
    const char *name = refusal_to_string(outcome->code);

    return (struct wire_answer){
        .kind = WIRE_REFUSAL,
        .refusal = {
            .message = outcome->message,
            .code = outcome->code,
            .refusal = name ? name : "broker",
            .lock = name ? refusal_to_lock(outcome->code) : "broker",
            .retry_after = outcome->retry_after,
        },
    };
}

struct wire_answer outcome_to_wire(const struct outcome *outcome)
{
    return outcome_has_job(outcome) ? outcome->answer : refusal_answer(outcome);
}
