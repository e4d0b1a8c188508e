/* The table of paths, and the checks before it. */
#include "webfront/router.h"

#include <string.h>

#include "common/cleanup.h"
#include "common/refusal.h"
#include "common/machines/machines-read.h"
#include "common/verb.h"
#include "webfront/api/document.h"
#include "webfront/api/instance.h"
#include "webfront/api/metrics.h"
#include "webfront/api/restarts.h"
#include "webfront/api/verbs.h"
#include "webfront/calls/admission.h"
#include "webfront/calls/answer.h"
#include "webfront/calls/audit.h"
#include "webfront/calls/caller.h"
#include "webfront/calls/fars.h"
#include "webfront/calls/gate.h"
#include "webfront/calls/login-page.h"
#include "webfront/calls/logout.h"
#include "webfront/calls/programs.h"
#include "webfront/calls/relay.h"
#include "webfront/calls/restart.h"
#include "webfront/live/events.h"
#include "webfront/pages/assets.h"
#include "webfront/pages/page-login.h"
#include "webfront/requests/machine-field.h"
#include "webfront/requests/misfit.h"
#include "webfront/requests/origin.h"
#include "webfront/views/confirm.h"
#include "webfront/views/day.h"
#include "webfront/views/instance.h"
#include "webfront/views/pressed.h"
#include "webfront/views/views.h"
#include "webfront/requests/path.h"

typedef programs_handler route_handler;

static void get_asset(struct parts *parts, struct http_request *request,
                      const struct rpc_client_caller *caller);

static const struct route {
    const char *path;      /* as a pattern (path.h) */
    enum format otherwise; /* what a client gets that asks for nothing in particular */
    /* For anybody, under any host name: the same bytes on every machine, without which the page that says
     * "not under this name", or "not from there", would be bare text. Never the script. */
    bool for_anybody;
    bool open; /* for whoever has not logged in */
    bool far;  /* there is one of each of the other machines, too (PATH_MACHINES) */
    route_handler get, post;
} ROUTES[] = {
    { "/", FORMAT_HTML, false, false, true, views_page, NULL },
    { "/restart", FORMAT_JSON, false, false, true, NULL, restart_post },
    { INSTANCE_ADDRESS, FORMAT_HTML, false, false, true, instance_get, NULL },
    { "/day", FORMAT_HTML, false, false, false, day_get, NULL },
    { DAY_ADDRESS, FORMAT_HTML, false, false, false, day_get, NULL },
    { "/confirm", FORMAT_HTML, false, false, true, confirm_get, NULL },
    { PRESSED_ADDRESS "*", FORMAT_JSON, false, false, true, pressed_get, NULL },
    { "/RPC2", FORMAT_TEXT, false, false, false, NULL, relay_post },
    { "/api/instances", FORMAT_JSON, false, false, true, views_instances, NULL },
    { API_DOCUMENT_PATH, FORMAT_JSON, false, false, false, api_document_get, NULL },
    { API_INSTANCE, FORMAT_JSON, false, false, true, api_instance_get, NULL },
    { API_RESTART, FORMAT_JSON, false, false, true, NULL, api_restart_post },
    { API_TRY_RESTART, FORMAT_JSON, false, false, true, NULL, api_try_restart_post },
    { API_RELOAD, FORMAT_JSON, false, false, true, NULL, api_reload_post },
    { API_RELOAD_OR_RESTART, FORMAT_JSON, false, false, true, NULL, api_reload_or_restart_post },
    { API_RESTARTS "*", FORMAT_JSON, false, false, true, api_restarts_get, NULL },
    { METRICS_PATH, FORMAT_TEXT, false, false, false, metrics_get, NULL },
    { "/events", FORMAT_TEXT, false, false, true, events_get, NULL },
    { "/login", FORMAT_TEXT, false, true, false, login_page_get, login_page_post },
    { PAGE_LOGIN_FORGET, FORMAT_TEXT, false, true, false, login_page_forget, NULL },
    { "/logout", FORMAT_TEXT, false, true, false, NULL, logout_post },
    { "/healthz", FORMAT_TEXT, false, true, false, views_health, NULL },
    { "/style.css", FORMAT_TEXT, true, true, false, get_asset, NULL },
    { "/script.js", FORMAT_TEXT, false, false, false, get_asset, NULL },
    { "/icon.svg", FORMAT_TEXT, true, true, false, get_asset, NULL },
    { "/icon-failed.svg", FORMAT_TEXT, true, true, false, get_asset, NULL },
};

static void get_asset(_unused_ struct parts *parts, struct http_request *request,
                      _unused_ const struct rpc_client_caller *caller)
{
    bool kept = false;
    const struct asset *asset = asset_find(http_request_path(request), &kept);

    if (asset)
        http_reply(request, MHD_HTTP_OK, answer_new_asset(request, asset, kept));
    else
        http_reply(request, MHD_HTTP_NOT_FOUND, NULL);
}

/* The files that pages load stand here by their names, and are asked for by addresses with a hash in them. */
static const struct route *find_route(const char *path)
{
    bool kept;
    const struct asset *asset = asset_find(path, &kept);
    char machine[MACHINE_NAME_SIZE];

    path = asset ? asset->name : path_on_machine(path, machine);
    for (size_t i = 0; i < sizeof(ROUTES) / sizeof(*ROUTES); i++)
        if (path_matches(path, ROUTES[i].path))
            return asset || !*machine || ROUTES[i].far ? &ROUTES[i] : NULL;
    return NULL;
}

static enum format choose_format(const struct http_request *request, const struct route *route)
{
    return accept_of(request, route ? route->otherwise : FORMAT_TEXT);
}

static struct outcome refuse_method(const struct route *route)
{
    struct outcome outcome;

    if (route->get && route->post) {
        outcome = outcome_refused_http(MHD_HTTP_METHOD_NOT_ALLOWED, "This address takes GET and POST.");
        outcome.allow = "GET, HEAD, POST";
    } else if (route->get) {
        outcome = outcome_refused_http(MHD_HTTP_METHOD_NOT_ALLOWED, "This address can only be read (GET).");
        outcome.allow = "GET, HEAD";
    } else {
        outcome = outcome_refused_http(MHD_HTTP_METHOD_NOT_ALLOWED, "This address only takes POST.");
        outcome.allow = "POST";
    }
    return outcome;
}

/* Takes `owned` over, which is NULL when there was no memory for it. */
static struct outcome refuse_misfit(unsigned status, int code, char *owned, const char *otherwise)
{
    struct outcome outcome = outcome_refused_http(status, owned ? owned : otherwise);

    outcome.code = code;
    outcome.owned = owned;
    return outcome;
}

static bool is_for_anybody(const struct http_request *request, const struct route *route)
{
    return route && route->for_anybody && http_request_method(request) == HTTP_METHOD_GET;
}

static bool is_for_logins(const char *path)
{
    return strcmp(path, "/login") == 0 || strcmp(path, "/logout") == 0;
}

/* What forbids the request; when nothing does, the message is NULL and *ret_handler is set. */
static struct outcome check(const struct parts *parts, const struct http_request *request,
                            const struct route *route, route_handler *ret_handler)
{
    enum http_method method = http_request_method(request);
    route_handler handler = NULL;

    if (answer_site(parts->answers, request)->foreign && !is_for_anybody(request, route))
        return refuse_misfit(MHD_HTTP_MISDIRECTED_REQUEST, REFUSAL_HTTP, misfit_host(request), MISFIT_HOST);
    if (!route)
        return outcome_refused_http(MHD_HTTP_NOT_FOUND, "There is nothing at this address.");
    if (parts->is_proxys && is_for_logins(route->path))
        return outcome_refused_http(
            MHD_HTTP_NOT_FOUND, "Nobody logs in here, or out: the reverse proxy in front of this page does "
                                "that, and says who somebody is.");
    if (method != HTTP_METHOD_OTHER)
        handler = method == HTTP_METHOD_GET ? route->get : route->post;
    if (!handler)
        return refuse_method(route);
    if (method == HTTP_METHOD_POST && !origin_may_post(request))
        return refuse_misfit(MHD_HTTP_FORBIDDEN, REFUSAL_CROSS_SITE, misfit_origin(request), MISFIT_ORIGIN);
    *ret_handler = handler;
    return (struct outcome){ 0 };
}

/* As its address says, the form, or the query. */
static struct parts *choose_machine(struct parts *parts, const struct http_request *request,
                                    const struct route *route)
{
    char machine[MACHINE_NAME_SIZE];

    (void)path_on_machine(http_request_path(request), machine);
    if (!*machine && route->far)
        machine_field_read(request, machine);
    return fars_choose(parts, machine);
}

static void refuse_machine(struct parts *parts, struct http_request *request, const struct route *route)
{
    const struct outcome outcome = outcome_refused_http(
        MHD_HTTP_NOT_FOUND, "Nothing was done: there is no machine of that name. Its administrator names "
                            "them in " MACHINES_PATH ".");

    if (http_request_method(request) == HTTP_METHOD_POST)
        audit_outcome(parts, request, &outcome, NULL, 0);
    answer_fixed(parts->answers, request, choose_format(request, route), &outcome);
}

static void handle(struct parts *parts, struct http_request *request, const struct route *route,
                   route_handler handler, const struct rpc_client_caller *caller)
{
    struct parts *there = choose_machine(parts, request, route);

    if (there)
        handler(there, request, caller);
    else
        refuse_machine(parts, request, route);
}

static void serve(struct parts *parts, struct http_request *request, const struct route *route,
                  route_handler handler, const struct caller *caller)
{
    if (route->open || !caller_has_to_log_in(parts, caller)) {
        handle(parts, request, route, handler, &caller->rpc);
        return;
    }
    if (route->otherwise != FORMAT_HTML && programs_take(parts, request, choose_format(request, route)))
        return;
    gate_turn_away(parts, request, choose_format(request, route), handler == restart_post ? VERB_RESTART : 0);
}

void router_handle_as(struct parts *parts, struct http_request *request,
                      const struct rpc_client_caller *caller)
{
    const struct route *route = find_route(http_request_path(request));
    route_handler handler = http_request_method(request) == HTTP_METHOD_GET ? route->get : route->post;

    handle(parts, request, route, handler, caller);
}

void router_handle(struct parts *parts, struct http_request *request)
{
    const struct route *route = find_route(http_request_path(request));
    _cleanup_(outcome_done) struct outcome outcome = { 0 };
    struct caller caller;
    route_handler handler = NULL;
    bool is_odd; /* from where nobody comes; or somebody names a person, or fails to: a mistake, or no friend
                  */

    if (!is_for_anybody(request, route))
        outcome = admission_check(parts, request);
    if (!outcome.message)
        outcome = caller_read(parts, request, &caller);
    is_odd = outcome.message;
    if (!is_odd)
        outcome = check(parts, request, route, &handler);
    if (handler) {
        serve(parts, request, route, handler, &caller);
        return;
    }
    if (is_odd || http_request_method(request) == HTTP_METHOD_POST)
        audit_outcome(parts, request, &outcome, NULL, 0);
    if (outcome.owned)
        answer_outcome(parts->answers, request, choose_format(request, route), &outcome, NULL);
    else
        answer_fixed(parts->answers, request, choose_format(request, route), &outcome);
}

static struct outcome check_metrics(const struct parts *parts, const struct http_request *request,
                                    route_handler *ret_handler)
{
    const struct route *route = find_route(http_request_path(request));

    if (vouched_is_claimed(request, &parts->vouched))
        return outcome_refused_http(MHD_HTTP_BAD_REQUEST, VOUCHED_CLAIMED);
    return check(parts, request, route && route->get == metrics_get ? route : NULL, ret_handler);
}

void router_handle_metrics(struct parts *parts, struct http_request *request)
{
    static const struct rpc_client_caller NOBODY = { 0 };
    route_handler handler = NULL;
    _cleanup_(outcome_done) struct outcome outcome = check_metrics(parts, request, &handler);

    if (handler)
        handler(parts, request, &NOBODY);
    else
        answer_outcome(parts->answers, request, accept_of(request, FORMAT_TEXT), &outcome, NULL);
}

void router_refuse(struct parts *parts, struct http_request *request, unsigned status, const char *reason)
{
    struct outcome outcome = outcome_refused_http(status, reason);

    if (status == MHD_HTTP_TOO_MANY_REQUESTS) {
        outcome.code = REFUSAL_BUSY;
        outcome.retry_after = 2;
    }
    if (http_request_method(request) == HTTP_METHOD_POST)
        audit_outcome(parts, request, &outcome, NULL, 0);
    answer_outcome(parts->answers, request, choose_format(request, find_route(http_request_path(request))),
                   &outcome, NULL);
}
