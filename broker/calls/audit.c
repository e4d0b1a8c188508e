/* Entries are made from what is known at the end of a request; refusals, which anybody can cause as fast as
 * he likes, are bounded in number. */
#include "broker/calls/audit.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "broker/calls/request.h"
#include "broker/memory/counters.h"
#include "common/clock.h"
#include "common/journal.h"
#include "common/refusal.h"
#include "common/rpc/meaning.h"

static const char *message_id(const struct outcome *o)
{
    if (o->refusal == REFUSAL_UNKNOWN)
        return MESSAGE_UNKNOWN;
    if (o->refusal != 0)
        return MESSAGE_REFUSED;
    return o->success ? MESSAGE_RESTARTED : MESSAGE_FAILED;
}

/* The verb; of a call that only reads, its own name: "status", "list". */
static const char *word_of(const struct wire_method *method)
{
    const char *verb = verb_to_string(method->verb), *dot = strrchr(method->name, '.');

    return verb ? verb : dot ? dot + 1 : method->name;
}

static void record(const struct request *request, const struct outcome *o, bool limited)
{
    uint64_t now_usec = clock_usec();
    char peer[2 * PEER_TEXT_SIZE];
    struct journal_decision d = {
        .message_id = message_id(o),
        .priority = o->refusal == 0 && o->success ? LOG_NOTICE : LOG_WARNING,
        .message = o->sentence,
        .user = request_user(request),
        .known = person_known_to_string(request->person.known),
        .via = request_via(request),
        .door = request->gate->socket,
        .peer = peer,
        .reason = request->reason,
        .unit = *o->unit ? o->unit : request->asked,
        .verb = word_of(request->method),
        .decision = o->refusal == REFUSAL_UNKNOWN ? "unknown"
                    : o->refusal != 0             ? "refused"
                                                  : "allowed",
        /* The last one that was asked, and the one that had to say yes. */
        .lock = refusal_to_lock(o->refusal != 0 ? o->refusal : REFUSAL_POLKIT),
        .result = o->result,
        .verdict = verdict_to_string(o->verdict),
        .invocation_before = o->invocation_before,
        .invocation_after = o->after.invocation_id,
        .usec = now_usec - request->begin_usec,
    };

    peer_describe(&request->peer, request->gate, peer, sizeof(peer));
    if (limited)
        journal_decision_limited(&d, now_usec);
    else
        journal_decision(&d);
}

static void count(struct audit *a, const struct outcome *outcome)
{
    if (outcome->refusal == 0 && outcome->verb == VERB_RELOAD)
        a->reloads++;
    else if (outcome->refusal == 0)
        a->restarts++;
    else if (meaning_of_fault(outcome->refusal, true) == MEANING_UNKNOWN)
        a->unknown++;
    else
        a->refused++;
    counters_refuse(a->counters, outcome->refusal);
}

void audit_describe(const struct audit *a, char *ret, size_t size)
{
    (void)snprintf(ret, size,
                   "%" PRIu64 " restart%s, %" PRIu64 " reload%s, %" PRIu64 " refused, %" PRIu64
                   " unknown since start",
                   a->restarts, a->restarts == 1 ? "" : "s", a->reloads, a->reloads == 1 ? "" : "s",
                   a->refused, a->unknown);
}

/* What may have changed something is always written. That a reason is missing is a question, to who asked:
 * the answer to it is what is decided on, and recorded. */
void audit_verb(struct audit *a, const struct request *request, const struct outcome *outcome)
{
    count(a, outcome);
    if (outcome->refusal == REFUSAL_REASON)
        return;
    record(request, outcome, outcome->refusal != 0 && outcome->refusal != REFUSAL_UNKNOWN);
}

void audit_left(const struct request *request, const struct outcome *outcome)
{
    record(request, outcome, true);
}

void audit_settled(const struct outcome *o)
{
    journal_decision(&(struct journal_decision){
        .message_id = verdict_is_good(o->verdict) ? MESSAGE_SETTLED : message_id(o),
        .priority = verdict_is_good(o->verdict) ? LOG_NOTICE : LOG_WARNING,
        .message = o->sentence,
        .unit = o->unit,
        .verb = verb_to_string(o->verb),
        .decision = o->refusal == 0 ? "allowed" : "unknown",
        .result = o->result,
        .verdict = verdict_to_string(o->verdict),
        .invocation_before = o->invocation_before,
        .invocation_after = o->after.invocation_id,
    });
}

void audit_read(struct audit *a, const struct request *request, const struct outcome *outcome)
{
    a->refused++;
    counters_refuse(a->counters, outcome->refusal);
    record(request, outcome, true);
}

void audit_signed_out(const struct request *request)
{
    char peer[2 * PEER_TEXT_SIZE], text[SENTENCE_SIZE];

    peer_describe(&request->peer, request->gate, peer, sizeof(peer));
    (void)snprintf(text, sizeof(text), "%s has signed out%s.", request->person.name,
                   wire_method_id(request->method) == WIRE_METHOD_SIGN_OUT_EVERYWHERE ? " everywhere" : "");
    journal_decision(&(struct journal_decision){
        .message_id = MESSAGE_SIGNED_OUT,
        .priority = LOG_NOTICE,
        .message = text,
        .user = request_user(request),
        .known = person_known_to_string(request->person.known),
        .door = request->gate->socket,
        .peer = peer,
        .verb = word_of(request->method),
        .decision = "allowed",
    });
}

void audit_peer(struct audit *a, const struct gate *gate, const struct peer *peer, const char *text)
{
    char description[2 * PEER_TEXT_SIZE];

    counters_refuse(a->counters, REFUSAL_PEER);
    peer_describe(peer, gate, description, sizeof(description));
    journal_decision_limited(
        &(struct journal_decision){
            .message_id = MESSAGE_REFUSED,
            .priority = LOG_WARNING,
            .message = text,
            .door = gate->socket,
            .peer = description,
            .decision = "refused",
            .lock = refusal_to_lock(REFUSAL_PEER),
        },
        clock_usec());
}

void audit_policy(const char *error, bool keeps_last)
{
    char text[SENTENCE_SIZE];

    (void)snprintf(text, sizeof(text), "The policy file is broken, %s: %s",
                   keeps_last ? "and the last good one stays in force"
                              : "and nothing is granted until it is mended",
                   error);
    journal_decision(&(struct journal_decision){
        .message_id = MESSAGE_POLICY,
        .priority = LOG_ERR,
        .message = text,
        .decision = "refused",
        .lock = refusal_to_lock(REFUSAL_POLICY_FILE),
    });
}
