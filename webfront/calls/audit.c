/* Journal entries of the web front. Anybody can cause them, so they are limited to a few a second. */
#include "webfront/calls/audit.h"

#include <stdio.h>
#include <string.h>

#include "common/clock.h"
#include "common/journal.h"
#include "common/refusal.h"
#include "common/text.h"
#include "common/verb.h"
#include "webfront/requests/client.h"

static void write_entry(const char *machine, const struct http_request *request,
                        const struct outcome *outcome, const char *asked, uint64_t since_usec)
{
    const char *name = refusal_to_string(outcome->code);
    bool unknown = outcome->kind == OUTCOME_UNKNOWN;
    char peer[HTTP_ADDRESS_SIZE], address[HTTP_ADDRESS_SIZE], unit[JOURNAL_ASKED_SIZE], lock[64];
    struct journal_decision decision = {
        .message_id = unknown ? MESSAGE_UNKNOWN : MESSAGE_REFUSED,
        .priority = unknown ? LOG_WARNING : LOG_NOTICE,
        .message = outcome->message,
        .door = "http",
        .peer = peer,
        .machine = machine,
        .unit = asked ? text_clean(asked, unit, sizeof(unit)) : NULL,
        .verb = verb_to_string(outcome->verb != 0 ? outcome->verb : VERB_RESTART),
        .decision = unknown ? "unknown" : "refused",
        .lock = lock,
        .usec = since_usec > 0 ? clock_usec() - since_usec : 0,
    };

    (void)snprintf(lock, sizeof(lock), "web front: %s", name ? name : "xml-rpc");
    (void)snprintf(peer, sizeof(peer), "http %.50s", client_address(request, address));
    journal_decision(&decision);
}

/* What may have restarted something is always written. */
void audit_outcome(const struct parts *parts, const struct http_request *request,
                   const struct outcome *outcome, const char *asked, uint64_t since_usec)
{
    struct audit *audit = parts->audit;
    bool unknown = outcome->kind == OUTCOME_UNKNOWN;

    audit->unknown += unknown;
    audit->refusals += !unknown;
    if (!unknown)
        audit->codes[refusal_to_string(outcome->code) && outcome->code < AUDIT_CODES ? outcome->code : 0]++;
    if (unknown || journal_admit(clock_usec()))
        write_entry(parts->machine, request, outcome, asked, since_usec);
}
