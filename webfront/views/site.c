/* Who is asked for is whom the broker let in, in the same request. */
#include "webfront/views/site.h"

#include "webfront/calls/answer.h"
#include "webfront/calls/session.h"

void view_site_set(struct view_site *ret, const struct parts *parts, const struct http_request *request,
                   const struct rpc_client_caller *caller)
{
    ret->site = *answer_site(parts->answers, request);
    ret->site.person = session_name(caller, ret->name);
    ret->site.may_sign_out = caller->ticket;
}
