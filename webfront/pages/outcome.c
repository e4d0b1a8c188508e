/* From the broker's answer to an outcome. The rule: "nothing was restarted" is said only when that is
 * certain. */
#include "webfront/pages/outcome.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <microhttpd.h>

#include "common/cleanup.h"
#include "common/refusal.h"
#include "common/text.h"
#include "common/verb.h"

/* It looks at this machine's sockets, and at those that lead to others. */
#define WHO_CAN_SEE_WHY " Whoever looks after the machine of this page can see why with: restartctl check"

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
        return reading ? "The broker cannot be reached." WHO_CAN_SEE_WHY
                       : "Nothing was restarted: the broker cannot be reached." WHO_CAN_SEE_WHY;
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

static enum outcome_kind kind_of_job(const struct wire_restart *job)
{
    if (strcmp(job->verdict ? job->verdict : "", "under-way") == 0)
        return OUTCOME_UNDER_WAY;
    return job->success ? OUTCOME_SUCCEEDED : OUTCOME_FAILED;
}

/* Takes the answer over. */
static struct outcome outcome_of_job(struct wire_answer *answer)
{
    return (struct outcome){
        .kind = kind_of_job(&answer->restart),
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

struct outcome outcome_of_read(enum wire_kind kind, const struct rpc_client_answer *answer)
{
    struct wire_answer wire;
    struct outcome outcome;

    if (answer->result != RPC_CLIENT_ANSWERED ||
        wire_answer_parse(kind, answer->body, answer->size, &wire) != 0)
        return outcome_of_transport(answer, true);
    if (wire.kind == kind)
        return (struct outcome){ .kind = OUTCOME_SUCCEEDED, .status = 200, .answer = wire };
    outcome = outcome_refused(wire.fault.code, wire.fault.message);
    outcome.answer = wire;
    outcome.retry_after = answer->retry_after;
    return outcome;
}

void outcome_speak_of_machine(struct outcome *outcome, const char *machine, const char *press)
{
    bool lost = outcome->kind == OUTCOME_UNKNOWN && *press;
    char *text = NULL;
    int r;

    if (!machine || outcome_has_job(outcome))
        return;
    r = lost ? asprintf(&text, "%s: %s What is known of it there: /machines/%s/restarts/%s", machine,
                        outcome->message, machine, press)
             : asprintf(&text, "%s: %s", machine, outcome->message);
    if (r < 0)
        return;
    free(outcome->owned);
    outcome->owned = text;
    outcome->message = text;
}

struct outcome outcome_of_press_unasked(unsigned retry_after)
{
    struct outcome outcome = outcome_refused(
        REFUSAL_UNKNOWN,
        "What became of that press is not known now: the broker cannot be reached, or gave no "
        "answer that makes sense. Whatever was done is done, and nothing is done again by loading "
        "this page again in a moment. The unit's state tells as well.");

    outcome.retry_after = retry_after;
    return outcome;
}

struct outcome outcome_of_press(const struct rpc_client_answer *answer)
{
    struct outcome outcome = outcome_of_restart(answer);

    if (outcome_has_job(&outcome))
        outcome.verb = verb_from_string(outcome.answer.restart.verb ? outcome.answer.restart.verb : "");
    if (outcome_is_brokers(&outcome))
        return outcome;
    outcome_done(&outcome);
    return outcome_of_press_unasked(0);
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

struct wire_answer outcome_to_problem(const struct outcome *outcome, char type[static OUTCOME_TYPE_SIZE])
{
    const struct wire_answer plain = refusal_answer(outcome);
    const struct wire_refusal *refusal = &plain.refusal;
    bool is_https = outcome->code == REFUSAL_HTTP;

    (void)snprintf(type, OUTCOME_TYPE_SIZE, is_https ? "about:blank" : "/api#%s", refusal->refusal);
    return (struct wire_answer){
        .kind = WIRE_PROBLEM,
        .problem = {
            .type = type,
            .title = is_https ? MHD_get_reason_phrase_for(outcome->status) : refusal_to_title(outcome->code),
            .status = (int)outcome->status,
            .detail = refusal->message,
            .message = refusal->message,
            .code = refusal->code,
            .refusal = refusal->refusal,
            .lock = refusal->lock,
            .retry_after = refusal->retry_after,
        },
    };
}
