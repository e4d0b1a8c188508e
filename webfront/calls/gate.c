/* A browser that is asked for a password by HTTP opens a dialogue of its own, and goes on sending what is
 * typed there with whatever any page makes it send: so it never is. */
#include "webfront/calls/gate.h"

#include <stdio.h>
#include <string.h>

#include "common/cleanup.h"
#include "common/refusal.h"
#include "webfront/calls/answer.h"
#include "webfront/calls/session.h"
#include "webfront/pages/page-login.h"
#include "webfront/requests/browser.h"
#include "webfront/requests/login-form.h"

void gate_ask(struct MHD_Response **response, const struct http_request *request)
{
    if (!browser_may_have_sent(request))
        (void)answer_add_header(response, "WWW-Authenticate", "Basic realm=\"restarter\", charset=\"UTF-8\"");
}

static enum login_said said_of(enum cookie_outcome had)
{
    if (had == COOKIE_TWICE)
        return LOGIN_SAID_TWO_COOKIES;
    return had == COOKIE_TICKET ? LOGIN_SAID_ENDED : LOGIN_SAID_NOTHING;
}

/* One that there was is over: that is said, and taken away. An address that has more to it than a path, such
 * as that of the page which asks, would be another one without it: from there the way leads to the list. */
static struct MHD_Response *lead_to_login(const struct http_request *request)
{
    struct login_query query = { .next = "/" };
    char ticket[TICKET_SIZE], address[LOGIN_ADDRESS_SIZE];
    enum cookie_outcome had = session_ticket(request, ticket);
    struct MHD_Response *response;

    if (!http_request_has_query(request) && login_next_valid(http_request_path(request)))
        (void)stpcpy(query.next, http_request_path(request));
    query.said = said_of(had);
    response = answer_new_redirect(login_query_write(&query, address));
    if (had == COOKIE_TICKET || had == COOKIE_UNFIT)
        session_clear_cookie(&response);
    return response;
}

/* Who comes by a link of another site may be logged in: the cookie is sent when a page of ours goes on from
 * there to the same place, which is what a browser is told to do. */
static struct MHD_Response *lead_here_again(struct parts *parts, const struct http_request *request)
{
    size_t size = 0;
    _cleanup_(freep) char *text = page_on_the_way(answer_own_site(parts->answers, answer_language(request)),
                                                  http_request_path(request), &size);
    struct MHD_Response *response = answer_new(text, size, ANSWER_HTML);

    (void)answer_add_header(&response, "Refresh", "0");
    return response;
}

static bool may_be_logged_in(const struct http_request *request)
{
    char ticket[TICKET_SIZE];

    return session_ticket(request, ticket) == COOKIE_ABSENT && browser_follows_link(request);
}

void gate_refuse(struct parts *parts, struct http_request *request, enum format format,
                 const struct outcome *outcome)
{
    struct MHD_Response *response;

    if (format == FORMAT_HTML && http_request_method(request) == HTTP_METHOD_GET) {
        if (may_be_logged_in(request))
            http_reply(request, MHD_HTTP_OK, lead_here_again(parts, request));
        else
            http_reply(request, MHD_HTTP_SEE_OTHER, lead_to_login(request));
        return;
    }
    response = answer_new_outcome(parts->answers, request, format, outcome, NULL);
    gate_ask(&response, request);
    http_reply(request, outcome->status, response);
}

void gate_turn_away(struct parts *parts, struct http_request *request, enum format format, unsigned verb)
{
    struct outcome outcome =
        outcome_refused(REFUSAL_LOGIN, verb == 0 ? "Nobody is logged in. Log in first."
                                                 : "Nothing was done: nobody is logged in. Log in first, and "
                                                   "then press again.");

    outcome.verb = verb;
    gate_refuse(parts, request, format, &outcome);
}
