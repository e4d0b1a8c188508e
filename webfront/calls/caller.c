/* At the proxy's door: whom its headers name. At any other one: whoever has the ticket in the cookie, and
 * nobody may be named there. */
#include "webfront/calls/caller.h"

#include <stdio.h>
#include <string.h>

#include "common/cleanup.h"
#include "common/refusal.h"
#include "common/web-in-force.h"
#include "webfront/calls/session.h"
#include "webfront/requests/vouched.h"

void caller_tell(const struct person *person, struct caller *ret)
{
    char *end = ret->groups;

    (void)stpcpy(ret->user, person->name);
    for (size_t i = 0; i < person->n_groups; i++)
        end = stpcpy(stpcpy(end, i > 0 ? "," : ""), person->groups[i]);
    ret->rpc.user = ret->user;
    ret->rpc.groups = person->n_groups > 0 ? ret->groups : NULL;
}

static struct outcome read_vouched(const struct parts *parts, const struct http_request *request,
                                   struct caller *ret)
{
    _cleanup_(person_done) struct person person = { 0 };
    int r = vouched_read(request, &parts->vouched, &person);

    if (r < 0)
        return outcome_refused(REFUSAL_UNAVAILABLE, "Nothing was done: out of memory.");
    if (r > 0)
        return outcome_refused_http(MHD_HTTP_BAD_REQUEST, vouched_text(r));
    caller_tell(&person, ret);
    return (struct outcome){ 0 };
}

/* Where nobody has to log in, what an earlier login left in a browser does not count. */
static void read_session(const struct parts *parts, const struct http_request *request, struct caller *ret)
{
    if (parts->web->settings.login != WEB_LOGIN_NONE && session_ticket(request, ret->ticket) == COOKIE_TICKET)
        ret->rpc.ticket = ret->ticket;
}

bool caller_has_to_log_in(const struct parts *parts, const struct caller *caller)
{
    return !parts->is_proxys && parts->web->settings.login != WEB_LOGIN_NONE && !caller->rpc.ticket;
}

static const char *keep(const char *text, char *ret, size_t size)
{
    if (text)
        (void)snprintf(ret, size, "%s", text);
    return text ? ret : NULL;
}

void caller_keep(struct caller *ret, const struct rpc_client_caller *caller)
{
    *ret = (struct caller){ 0 };
    ret->rpc.ticket = keep(caller->ticket, ret->ticket, sizeof(ret->ticket));
    ret->rpc.user = keep(caller->user, ret->user, sizeof(ret->user));
    ret->rpc.groups = keep(caller->groups, ret->groups, sizeof(ret->groups));
}

struct outcome caller_read(const struct parts *parts, const struct http_request *request, struct caller *ret)
{
    *ret = (struct caller){ 0 };
    if (parts->is_proxys)
        return read_vouched(parts, request, ret);
    if (vouched_is_claimed(request, &parts->vouched))
        return outcome_refused_http(MHD_HTTP_BAD_REQUEST, VOUCHED_CLAIMED);
    read_session(parts, request, ret);
    return (struct outcome){ 0 };
}
