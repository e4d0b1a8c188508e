/* A browser sends one Cookie header (RFC 6265, 5.4); what a proxy joins, it joins into one as well (RFC
 * 9113). */
#include "webfront/calls/session.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "common/cleanup.h"
#include "webfront/calls/answer.h"
#include "webfront/requests/wire-safety.h"

enum cookie_outcome session_ticket(const struct http_request *request, char ret[static TICKET_SIZE])
{
    if (http_request_header_count(request, "Cookie") > 1)
        return COOKIE_TWICE;
    return cookie_read(http_request_header(request, "Cookie"), wire_is_https(request), ret);
}

static bool came_guarded(const struct http_request *request)
{
    char ticket[TICKET_SIZE];

    return cookie_read(http_request_header(request, "Cookie"), true, ticket) == COOKIE_TICKET;
}

void session_add_cookie(struct MHD_Response **response, const struct http_request *request,
                        const char *ticket)
{
    bool tls = wire_is_https(request) || came_guarded(request);
    char text[COOKIE_SET_SIZE];

    (void)answer_add_header(response, "Set-Cookie",
                            cookie_set(ticket, tls, session_seconds_left(ticket), text));
    explicit_bzero(text, sizeof(text));
}

unsigned session_seconds_left(const char *ticket)
{
    _cleanup_(ticket_done) struct ticket looked = { .issued = 0 };
    uint64_t now = (uint64_t)time(NULL), left;

    if (ticket_look(ticket, &looked) != TICKET_GOOD)
        return 0;
    left = looked.expires > now ? looked.expires - now : 0;
    return left < TICKET_LIFETIME_MAX_SEC ? (unsigned)left : TICKET_LIFETIME_MAX_SEC;
}

bool session_is_due(const char *ticket, const struct web_settings *settings, uint64_t now)
{
    _cleanup_(ticket_done) struct ticket looked = { .issued = 0 };
    uint64_t idle = settings->idle_sec;

    if (idle == 0 || ticket_look(ticket, &looked) != TICKET_GOOD || now >= looked.expires)
        return false;
    return looked.expires < looked.issued + settings->lifetime_sec && looked.expires - now < idle - idle / 4;
}

void session_clear_cookie(struct MHD_Response **response)
{
    answer_add_header(response, "Set-Cookie", COOKIE_CLEAR);
    answer_add_header(response, "Set-Cookie", COOKIE_CLEAR_TLS);
}

const char *session_name(const struct rpc_client_caller *caller, char buffer[static PERSON_NAME_SIZE])
{
    _cleanup_(ticket_done) struct ticket ticket = { .issued = 0 };

    if (caller->user)
        (void)snprintf(buffer, PERSON_NAME_SIZE, "%s", caller->user);
    else if (caller->ticket && ticket_look(caller->ticket, &ticket) == TICKET_GOOD)
        (void)snprintf(buffer, PERSON_NAME_SIZE, "%s", ticket.person.name);
    else
        return NULL;
    return buffer;
}
