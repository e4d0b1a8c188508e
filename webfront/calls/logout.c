/* The cookie is gone in any case, but for two of them (requests/cookie.h). Whether the ticket is worth
 * nothing any more is up to the broker, and said as it is. */
#include "webfront/calls/logout.h"

#include <stdlib.h>

#include "common/cleanup.h"
#include "common/refusal.h"
#include "webfront/calls/answer.h"
#include "webfront/calls/calls.h"
#include "webfront/calls/fars.h"
#include "webfront/calls/list-cache.h"
#include "webfront/calls/session.h"
#include "webfront/requests/login-form.h"

struct logout {
    struct call call; /* first */
    struct parts *parts;
    bool everywhere;
};

static struct MHD_Response *new_farewell(enum login_said said)
{
    const struct login_query query = { .next = "/", .said = said };
    char address[LOGIN_ADDRESS_SIZE];

    return answer_new_redirect(login_query_write(&query, address));
}

static void take_leave(struct http_request *request, enum login_said said)
{
    struct MHD_Response *response = new_farewell(said);

    session_clear_cookie(&response);
    http_reply(request, MHD_HTTP_SEE_OTHER, response);
}

/* Nobody is logged in who could be signed out. */
static void take_leave_of_nobody(struct http_request *request)
{
    char ticket[TICKET_SIZE];

    if (session_ticket(request, ticket) == COOKIE_TWICE)
        http_reply(request, MHD_HTTP_SEE_OTHER, new_farewell(LOGIN_SAID_TWO_COOKIES));
    else
        take_leave(request, LOGIN_SAID_SIGNED_OUT);
}

/* A ticket that is none, or none any more, is worth nothing anywhere. */
static bool is_voided(const struct rpc_client_answer *answer)
{
    _cleanup_(outcome_done) struct outcome outcome = { 0 };
    _cleanup_(wire_answer_done) struct wire_answer wire = { 0 };

    if (answer->result == RPC_CLIENT_ANSWERED)
        return wire_answer_parse(WIRE_DONE, answer->body, answer->size, &wire) == 0 &&
               (wire.kind == WIRE_DONE || (wire.kind == WIRE_FAULT && wire.fault.code == REFUSAL_LOGIN));
    outcome = outcome_of_transport(answer, true);
    return outcome.code == REFUSAL_LOGIN;
}

static void on_answered(struct call *call, const struct rpc_client_answer *answer)
{
    const struct logout *logout = (struct logout *)call;

    list_cache_drop(logout->parts->list);
    fars_drop_lists(logout->parts->fars);
    if (!is_voided(answer))
        take_leave(call->request, LOGIN_SAID_NOT_VOIDED);
    else
        take_leave(call->request, logout->everywhere ? LOGIN_SAID_EVERYWHERE : LOGIN_SAID_SIGNED_OUT);
}

static void send_on(struct parts *parts, struct http_request *request, const struct rpc_client_caller *caller,
                    const struct wire_call *what, bool everywhere)
{
    struct logout *logout = calloc(1, sizeof(*logout));

    if (!logout) {
        http_reply(request, 0, NULL);
        return;
    }
    logout->call.answered = on_answered;
    logout->parts = parts;
    logout->everywhere = everywhere;
    calls_start(parts->calls, &logout->call, request, caller, what);
}

static void sign_out(struct parts *parts, struct http_request *request,
                     const struct rpc_client_caller *caller, bool everywhere)
{
    const struct wire_call what = {
        .method = &WIRE_METHODS[everywhere ? WIRE_METHOD_SIGN_OUT_EVERYWHERE : WIRE_METHOD_SIGN_OUT],
    };
    /* Whoever else has this ticket, and hammers with it, is not to keep it from being signed out. */
    const struct rpc_client_caller whoever = { .ticket = NULL };
    _cleanup_(outcome_done) struct outcome full = calls_refuse(parts->calls, &whoever, &what);

    if (full.message)
        answer_outcome(parts->answers, request, accept_of(request, FORMAT_TEXT), &full, NULL);
    else
        send_on(parts, request, caller, &what, everywhere);
}

void logout_post(struct parts *parts, struct http_request *request, const struct rpc_client_caller *caller)
{
    bool everywhere = false;
    size_t size;
    const char *body = http_request_body(request, &size);
    struct outcome outcome;

    if (http_request_has_query(request) || logout_form_read(body, size, &everywhere) != 0) {
        outcome = outcome_refused_http(MHD_HTTP_BAD_REQUEST,
                                       "Nothing was done: to sign out there is one field, everywhere=yes.");
        answer_fixed(parts->answers, request, accept_of(request, FORMAT_TEXT), &outcome);
    } else if (caller->ticket) {
        sign_out(parts, request, caller, everywhere);
    } else {
        take_leave_of_nobody(request);
    }
}
