/* What the broker does not renew, for whatever reason, is as good as it was. */
#include "webfront/calls/renewal.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "common/cleanup.h"
#include "common/web-in-force.h"
#include "webfront/calls/calls.h"
#include "webfront/calls/session.h"

struct renewal {
    struct call call; /* first */
    struct parts *parts;
    renewal_done done;
    char ticket[TICKET_SIZE]; /* that it came with */
};

static void on_answered(struct call *call, const struct rpc_client_answer *answer)
{
    const struct renewal *renewal = (const struct renewal *)call;
    _cleanup_(wire_answer_done) struct wire_answer wire = { 0 };
    struct rpc_client_caller caller = { .ticket = renewal->ticket };
    bool renewed = answer->result == RPC_CLIENT_ANSWERED &&
                   wire_answer_parse(WIRE_TEXT, answer->body, answer->size, &wire) == 0 &&
                   wire.kind == WIRE_TEXT && cookie_fits(wire.text.text);

    if (renewed) {
        caller.ticket = wire.text.text;
        calls_note_admitted(call->calls, &caller);
    }
    renewal->done(renewal->parts, call->request, &caller, renewed);
}

/* By a page that reads itself again, before which nobody may sit any more. */
static bool is_unattended(const struct http_request *request)
{
    return http_request_header(request, "Restarter-Unattended") != NULL;
}

static bool is_due(const struct parts *parts, const struct rpc_client_caller *caller)
{
    return caller->ticket && parts->logins &&
           session_is_due(caller->ticket, &parts->web->settings, (uint64_t)time(NULL));
}

void renewal_before(struct parts *parts, struct http_request *request, const struct rpc_client_caller *caller,
                    renewal_done done)
{
    const struct wire_call what = { .method = &WIRE_METHODS[WIRE_METHOD_RENEW] };
    _cleanup_(outcome_done) struct outcome full = { 0 };
    struct renewal *renewal = NULL;

    if (!is_unattended(request) && is_due(parts, caller)) {
        full = calls_refuse(parts->calls, caller, &what);
        renewal = full.message ? NULL : calloc(1, sizeof(*renewal));
    }
    if (!renewal) {
        done(parts, request, caller, false);
        return;
    }
    renewal->call.answered = on_answered;
    renewal->parts = parts;
    renewal->done = done;
    (void)stpcpy(renewal->ticket, caller->ticket);
    calls_start(parts->calls, &renewal->call, request, caller, &what);
}
