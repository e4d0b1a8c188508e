/* The address says unit and verb, the body what else a form says: then it is a click like any other. */
#include "webfront/api/verbs.h"

#include "common/cleanup.h"
#include "common/clock.h"
#include "common/verb.h"
#include "webfront/api/restarts.h"
#include "webfront/calls/restart.h"
#include "webfront/requests/accept.h"
#include "webfront/requests/json-form.h"
#include "webfront/requests/path.h"
#include "webfront/requests/prefer.h"

#define AT_ONCE_USEC (250 * USEC_PER_MSEC)
enum { PRESS_LENGTH = 22 }; /* 132 random bits */

/* Nothing at all is a body as well: there need not be anything to say. */
static struct outcome read_body(const struct parts *parts, const struct http_request *request,
                                struct form *form)
{
    size_t size;
    const char *body = http_request_body(request, &size);

    if (size == 0)
        return restart_check_form(parts, request, 0, form);
    if (accept_content_is(request, "application/json"))
        return restart_check_form(parts, request, json_form_read(body, size, form), form);
    if (accept_content_is(request, "application/x-www-form-urlencoded"))
        return restart_check_form(parts, request, form_read_options(body, size, form), form);
    return outcome_refused_http(
        MHD_HTTP_UNSUPPORTED_MEDIA_TYPE,
        "Nothing was done: send what there is to say as application/json, or as a form "
        "(application/x-www-form-urlencoded).");
}

static struct outcome read_request(const struct parts *parts, const struct http_request *request,
                                   const char *address, struct form *form)
{
    if (http_request_has_query(request))
        return outcome_refused_http(MHD_HTTP_BAD_REQUEST,
                                    "Nothing was done: what there is to say belongs in the body, and nothing "
                                    "behind a question mark in the address.");
    if (!path_star(path_here(http_request_path(request)), address, form->service_id))
        return outcome_refused_http(MHD_HTTP_BAD_REQUEST,
                                    "Nothing was done: the unit's name in the address is too long, or has a "
                                    "broken escape.");
    return read_body(parts, request, form);
}

/* Who does not want to wait is told what can be told at once, which is most refusals, and where the rest will
 * be; unless the client has said how long it may take. False: there is no word for the press. */
static bool choose_manner(const struct http_request *request, struct form *form, struct restart_manner *ret)
{
    struct prefer prefer = prefer_of(request);

    *ret = (struct restart_manner){ .format = FORMAT_JSON, .tired_usec = AT_ONCE_USEC };
    if (!prefer.respond_async)
        return true;
    ret->tired = api_restarts_accept;
    if (prefer.wait > 0)
        ret->tired_usec = (uint64_t)prefer.wait * USEC_PER_SEC;
    return *form->press || form_random_press(form->press, PRESS_LENGTH);
}

static void post(struct parts *parts, struct http_request *request, const struct rpc_client_caller *caller,
                 const char *address, unsigned verb)
{
    struct form form = { .verb = verb, .settle = -1 };
    struct restart_manner manner;
    _cleanup_(outcome_done) struct outcome outcome = read_request(parts, request, address, &form);

    if (outcome.message)
        restart_refuse(parts, request, &outcome, form.service_id);
    else if (!choose_manner(request, &form, &manner))
        http_reply(request, 0, NULL);
    else
        restart_start(parts, request, caller, &form, &manner);
}

void api_restart_post(struct parts *parts, struct http_request *request,
                      const struct rpc_client_caller *caller)
{
    post(parts, request, caller, API_RESTART, VERB_RESTART);
}

void api_try_restart_post(struct parts *parts, struct http_request *request,
                          const struct rpc_client_caller *caller)
{
    post(parts, request, caller, API_TRY_RESTART, VERB_TRY_RESTART);
}

void api_reload_post(struct parts *parts, struct http_request *request,
                     const struct rpc_client_caller *caller)
{
    post(parts, request, caller, API_RELOAD, VERB_RELOAD);
}

void api_reload_or_restart_post(struct parts *parts, struct http_request *request,
                                const struct rpc_client_caller *caller)
{
    post(parts, request, caller, API_RELOAD_OR_RESTART, VERB_RELOAD_OR_RESTART);
}
