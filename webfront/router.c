/* The table of paths, and the checks before it. */
#include "webfront/router.h"

#include <string.h>

#include "common/cleanup.h"
#include "common/refusal.h"
#include "webfront/assets.h"
#include "webfront/calls/answer.h"
#include "webfront/calls/audit.h"
#include "webfront/calls/relay.h"
#include "webfront/calls/restart.h"
#include "webfront/calls/views.h"
#include "webfront/requests/origin.h"

typedef void (*route_handler)(struct parts *parts, struct http_request *request);

static void get_asset(struct parts *parts, struct http_request *request);

static const struct route {
    const char *path;
    enum format otherwise; /* what a client gets that asks for nothing in particular */
    /* Under any host name: the same bytes on every machine, without which the page that says "not under this
     * name" would be bare text. Never the script. */
    bool any_host;
    route_handler get, post;
} ROUTES[] = {
    { "/", FORMAT_HTML, false, views_page, NULL },
    { "/restart", FORMAT_JSON, false, NULL, restart_post },
    { "/RPC2", FORMAT_TEXT, false, NULL, relay_post },
    { "/api/instances", FORMAT_JSON, false, views_instances, NULL },
    { "/healthz", FORMAT_TEXT, false, views_health, NULL },
    { "/style.css", FORMAT_TEXT, true, get_asset, NULL },
    { "/script.js", FORMAT_TEXT, false, get_asset, NULL },
    { "/icon.svg", FORMAT_TEXT, true, get_asset, NULL },
};

static void get_asset(_unused_ struct parts *parts, struct http_request *request)
{
    const char *path = http_request_path(request);

    for (size_t i = 0; i < ASSETS_COUNT; i++)
        if (strcmp(ASSETS[i].path, path) == 0) {
            http_reply(request, MHD_HTTP_OK, answer_new(ASSETS[i].body, ASSETS[i].size, ASSETS[i].type));
            return;
        }
    http_reply(request, MHD_HTTP_NOT_FOUND, NULL);
}

static const struct route *find_route(const char *path)
{
    for (size_t i = 0; i < sizeof(ROUTES) / sizeof(*ROUTES); i++)
        if (strcmp(ROUTES[i].path, path) == 0)
            return &ROUTES[i];
    return NULL;
}

static enum format choose_format(const struct http_request *request, const struct route *route)
{
    return accept_of(request, route ? route->otherwise : FORMAT_TEXT);
}

static struct outcome refuse_method(const struct route *route)
{
    struct outcome outcome;

    if (route->get) {
        outcome = outcome_refused_http(MHD_HTTP_METHOD_NOT_ALLOWED, "This address can only be read (GET).");
        outcome.allow = "GET, HEAD";
    } else {
        outcome = outcome_refused_http(MHD_HTTP_METHOD_NOT_ALLOWED, "This address only takes POST.");
        outcome.allow = "POST";
    }
    return outcome;
}

/* What forbids the request; when nothing does, the message is NULL and *ret_handler is set. */
static struct outcome check(const struct parts *parts, const struct http_request *request,
                            const struct route *route, route_handler *ret_handler)
{
    enum http_method method = http_request_method(request);
    route_handler handler = NULL;

    if (answer_site(parts->answers, request)->foreign &&
        !(route && route->any_host && method == HTTP_METHOD_GET))
        return outcome_refused_http(MHD_HTTP_MISDIRECTED_REQUEST,
                                    "This machine does not answer to that host name. Open it by the address "
                                    "that you were given for it. If this should be one, its administrator "
                                    "can add the name to ALLOWED_HOSTS= in /etc/default/restarter.");
    if (!route)
        return outcome_refused_http(MHD_HTTP_NOT_FOUND, "There is nothing at this address.");
    if (method != HTTP_METHOD_OTHER)
        handler = method == HTTP_METHOD_GET ? route->get : route->post;
    if (!handler)
        return refuse_method(route);
    if (method == HTTP_METHOD_POST && !origin_may_post(request))
        return outcome_refused(REFUSAL_CROSS_SITE,
                               "Nothing was done: the request came from a page of another site. Open this "
                               "machine's own page and use its buttons.");
    *ret_handler = handler;
    return (struct outcome){ 0 };
}

void router_handle(struct parts *parts, struct http_request *request)
{
    const struct route *route = find_route(http_request_path(request));
    route_handler handler = NULL;
    struct outcome outcome = check(parts, request, route, &handler);

    if (handler) {
        handler(parts, request);
        return;
    }
    if (http_request_method(request) == HTTP_METHOD_POST)
        audit_outcome(parts->audit, request, &outcome, NULL, 0);
    answer_fixed(parts->answers, request, choose_format(request, route), &outcome);
}

void router_refuse(struct parts *parts, struct http_request *request, unsigned status, const char *reason)
{
    struct outcome outcome = outcome_refused_http(status, reason);

    if (status == MHD_HTTP_TOO_MANY_REQUESTS) {
        outcome.code = REFUSAL_BUSY;
        outcome.retry_after = 2;
    }
    if (http_request_method(request) == HTTP_METHOD_POST)
        audit_outcome(parts->audit, request, &outcome, NULL, 0);
    answer_outcome(parts->answers, request, choose_format(request, find_route(http_request_path(request))),
                   &outcome, NULL);
}
