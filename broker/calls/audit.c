/* Entries are made from what is known at the end of a request; refusals, which anybody can cause as fast as
 * he likes, are bounded in number. */
#include "broker/calls/audit.h"

#include <inttypes.h>
#include <stdio.h>

#include "broker/calls/request.h"
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

static void record(const struct request *request, const struct outcome *o, bool limited)
{
    uint64_t now_usec = clock_usec();
    char peer[2 * PEER_TEXT_SIZE];
    const char *verb = verb_to_string(request->method->verb);
    struct journal_decision d = {
        .message_id = message_id(o),
        .priority = o->refusal == 0 && o->success ? LOG_NOTICE : LOG_WARNING,
        .message = o->sentence,
        .user = request->peer.user,
        .known = person_known_to_string(request->person.known),
        .door = request->gate->socket,
        .peer = peer,
        .unit = *o->unit ? o->unit : request->asked,
        .verb = verb ? verb : "status",
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
}

void audit_describe(const struct audit *a, char *ret, size_t size)
{
    (void)snprintf(ret, size,
                   "%" PRIu64 " restart%s, %" PRIu64 " reload%s, %" PRIu64 " refused, %" PRIu64
                   " unknown since start",
                   a->restarts, a->restarts == 1 ? "" : "s", a->reloads, a->reloads == 1 ? "" : "s",
                   a->refused, a->unknown);
}

/* What may have changed something is always written. */
void audit_verb(struct audit *a, const struct request *request, const struct outcome *outcome)
{
    count(a, outcome);
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
    record(request, outcome, true);
}

void audit_peer(const struct gate *gate, const struct peer *peer, const char *text)
{
    char description[2 * PEER_TEXT_SIZE];

    peer_describe(peer, gate, description, sizeof(description));
    journal_decision_limited(
        &(struct journal_decision){
            .message_id = MESSAGE_REFUSED,
            .priority = LOG_WARNING,
            .message = text,
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
