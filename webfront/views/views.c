/* Each view is rendered once for a snapshot of the list and then shared by all who ask. */
#include "webfront/views/views.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/cleanup.h"
#include "common/refusal.h"
#include "common/text.h"
#include "webfront/calls/answer.h"
#include "webfront/calls/fars.h"
#include "webfront/calls/list-cache.h"
#include "webfront/calls/list-rpc.h"
#include "webfront/calls/pressed-page.h"
#include "webfront/calls/renewal.h"
#include "webfront/calls/session.h"
#include "webfront/pages/page-list.h"
#include "webfront/requests/etag.h"
#include "webfront/requests/list-query.h"
#include "webfront/requests/page-query.h"
#include "webfront/views/one.h"
#include "webfront/views/sections.h"

/* The broker is there, and lets nobody in who has not logged in: that is as it should be. */
static bool wants_login(const struct list_snapshot *snapshot)
{
    return snapshot->problem.code == REFUSAL_LOGIN;
}

/* What is wrong, in a sentence; NULL when nothing is. */
static const char *find_problem(const struct list_snapshot *snapshot)
{
    if (wants_login(snapshot))
        return NULL;
    if (snapshot->problem.message)
        return snapshot->problem.message;
    return snapshot->answer.list.policy_ok ? NULL : snapshot->answer.list.policy_error;
}

/* As it is at that time. */
static char *render_page(const struct parts *parts, const struct list_snapshot *snapshot,
                         enum language language, time_t now, size_t *ret_size)
{
    const char *problem = snapshot->problem.message;
    const struct outcome *past = one_past(parts, snapshot);
    const struct page_list list = {
        .listing = problem ? NULL : &snapshot->answer.list,
        .problem = problem,
        .past = past && past->answer.kind == WIRE_PAST ? &past->answer.past : NULL,
        .past_problem = past ? past->message : NULL,
        .part = *snapshot->part,
        .now = now,
    };
    struct page_site site = *answer_own_site(parts->answers, language);
    char name[PERSON_NAME_SIZE];

    site.person = session_name(snapshot->caller, name);
    site.may_sign_out = snapshot->caller->ticket;
    return page_list(&site, &list, ret_size);
}

/* The page says of what time it is: but for that it is the same page. What is wrong has no tag. */
static void tag_page(const struct parts *parts, const struct list_snapshot *snapshot, enum language language,
                     char ret[static ETAG_SIZE])
{
    _cleanup_(freep) char *text = NULL;
    size_t size = 0;

    if (!snapshot->problem.message)
        text = render_page(parts, snapshot, language, 0, &size);
    if (text)
        etag_make(text, size, ret);
}

static struct MHD_Response *make_instances(struct list_snapshot *snapshot)
{
    return snapshot->problem.message
               ? answer_new_problem(&snapshot->problem)
               : answer_new_json_tagged(&snapshot->answer, snapshot->tags[VIEW_INSTANCES]);
}

static struct MHD_Response *make_health(const struct list_snapshot *snapshot)
{
    const char *problem = find_problem(snapshot);

    return answer_new_text(problem ? problem : "ok");
}

static struct MHD_Response *make_health_json(const struct list_snapshot *snapshot)
{
    const char *problem = find_problem(snapshot);
    const struct wire_answer health = {
        .kind = WIRE_HEALTH,
        .health = { .ok = !problem,
                    .message = problem ? problem : "ok",
                    .covers = wants_login(snapshot)
                                  ? "web front, broker"
                                  : "web front, broker, policy file, systemd's list of units",
                    .not_covered = wants_login(snapshot)
                                       ? "policy file, bus policy, polkit, units: see restartctl check"
                                       : "bus policy, polkit, units: see restartctl check" },
    };

    return answer_new_json(&health);
}

static struct http_shared *make_page(const struct parts *parts, struct list_snapshot *snapshot,
                                     enum language language)
{
    char *tag = snapshot->tags[VIEW_PAGE + language], *text;
    size_t size = 0;

    tag_page(parts, snapshot, language, tag);
    text = render_page(parts, snapshot, language, time(NULL), &size);
    return pressed_page_new(text, size, tag);
}

static struct http_shared *make_view(struct parts *parts, struct list_snapshot *snapshot, enum list_view view)
{
    switch (view) {
    case VIEW_INSTANCES:
        return http_shared_new(make_instances(snapshot));
    case VIEW_HEALTH:
        return http_shared_new(make_health(snapshot));
    case VIEW_HEALTH_JSON:
        return http_shared_new(make_health_json(snapshot));
    default:
        return make_page(parts, snapshot, view - VIEW_PAGE);
    }
}

static bool has_it(const struct http_request *request, const char *tag)
{
    return *tag && etag_is_among(http_request_header(request, "If-None-Match"), tag);
}

static void reply_view(struct parts *parts, struct list_snapshot *snapshot, struct http_request *request,
                       enum list_view view, const char *problem)
{
    if (!snapshot->views[view])
        snapshot->views[view] = make_view(parts, snapshot, view);
    if (has_it(request, snapshot->tags[view]))
        http_reply(request, MHD_HTTP_NOT_MODIFIED, answer_new_unchanged(snapshot->tags[view]));
    else
        http_reply_shared(request, problem ? MHD_HTTP_SERVICE_UNAVAILABLE : MHD_HTTP_OK,
                          snapshot->views[view]);
}

/* With all that can be had. */
static void whole_page_ready(struct list_snapshot *snapshot, struct http_request *request, void *userdata)
{
    if (list_let_in(userdata, snapshot, request, FORMAT_HTML))
        reply_view(userdata, snapshot, request, VIEW_PAGE + answer_language(request),
                   snapshot->problem.message);
}

static void page_ready(struct list_snapshot *snapshot, struct http_request *request, void *userdata)
{
    if (!one_ask(userdata, snapshot, request, whole_page_ready))
        whole_page_ready(snapshot, request, userdata);
}

static void instances_ready(struct list_snapshot *snapshot, struct http_request *request, void *userdata)
{
    if (list_let_in(userdata, snapshot, request, FORMAT_JSON))
        reply_view(userdata, snapshot, request, VIEW_INSTANCES, snapshot->problem.message);
}

static void health_ready(struct list_snapshot *snapshot, struct http_request *request, void *userdata)
{
    enum format format = accept_of(request, FORMAT_TEXT);

    reply_view(userdata, snapshot, request, format == FORMAT_JSON ? VIEW_HEALTH_JSON : VIEW_HEALTH,
               find_problem(snapshot));
}

/* `part` may be NULL: as the list is told without options. */
static void get(struct parts *parts, struct http_request *request, const struct rpc_client_caller *caller,
                const struct wire_list_options *part, list_ready ready, enum format format)
{
    struct outcome full;

    if (list_cache_get(parts->list, caller, part, ready, request, parts) == 0)
        return;
    full = outcome_refused(REFUSAL_BUSY, LIST_FULL);
    full.retry_after = 1;
    answer_fixed(parts->answers, request, format, &full);
}

/* With the new ticket, which is the snapshot's. */
static void whole_renewed_page_ready(struct list_snapshot *snapshot, struct http_request *request,
                                     void *userdata)
{
    struct parts *parts = userdata;
    struct http_shared *page;
    struct MHD_Response *response;

    if (!list_let_in(parts, snapshot, request, FORMAT_HTML))
        return;
    page = make_page(parts, snapshot, answer_language(request));
    response = http_shared_make(page);
    session_add_cookie(&response, request, snapshot->caller->ticket);
    http_reply(request, snapshot->problem.message ? MHD_HTTP_SERVICE_UNAVAILABLE : MHD_HTTP_OK, response);
    http_shared_unref(page);
}

static void renewed_page_ready(struct list_snapshot *snapshot, struct http_request *request, void *userdata)
{
    if (!one_ask(userdata, snapshot, request, whole_renewed_page_ready))
        whole_renewed_page_ready(snapshot, request, userdata);
}

/* A query that the server would not keep is longer than any that is read. */
static int read_query(const struct http_request *request, struct wire_list_options *ret)
{
    const char *query = http_request_query(request);

    if (http_request_query_is_cut(request))
        return PAGE_QUERY_E_TOO_LONG;
    return page_query_read(query, PAGE_LIST_ROWS, ret);
}

static void refuse_query(struct parts *parts, struct http_request *request)
{
    const struct outcome outcome =
        outcome_refused_http(MHD_HTTP_BAD_REQUEST, "Nothing was looked for: a search has at most 100 bytes.");

    answer_fixed(parts->answers, request, accept_of(request, FORMAT_HTML), &outcome);
}

static void after_renewal(struct parts *parts, struct http_request *request,
                          const struct rpc_client_caller *caller, bool renewed)
{
    struct wire_list_options part;

    if (read_query(request, &part) != 0)
        refuse_query(parts, request);
    else if (parts->fars)
        sections_page(parts, request, caller, &part, renewed);
    else
        get(parts, request, caller, &part, renewed ? renewed_page_ready : page_ready, FORMAT_HTML);
}

void views_page(struct parts *parts, struct http_request *request, const struct rpc_client_caller *caller)
{
    renewal_before(parts, request, caller, after_renewal);
}

void views_instances(struct parts *parts, struct http_request *request,
                     const struct rpc_client_caller *caller)
{
    struct wire_list_options part;
    const char *query = http_request_query(request);
    /* One that is too long is "" as well. */
    char machine[MACHINE_NAME_SIZE] = "";
    int r = http_request_has_query(request) && !*query ? LIST_QUERY_E_FIELD
                                                       : list_query_read(query, &part, machine);
    struct outcome outcome;

    if (r == 0 && !fars_is_that(parts, machine))
        r = LIST_QUERY_E_MACHINE;
    if (r == 0 && list_cache_get(parts->list, caller, &part, instances_ready, request, parts) == 0)
        return;
    outcome = r == 0 ? outcome_refused(REFUSAL_BUSY, LIST_FULL)
                     : outcome_refused_http(MHD_HTTP_BAD_REQUEST, list_query_text(r));
    outcome.retry_after = r == 0;
    answer_fixed(parts->answers, request, FORMAT_JSON, &outcome);
}

void views_health(struct parts *parts, struct http_request *request, const struct rpc_client_caller *caller)
{
    get(parts, request, caller, NULL, health_ready, FORMAT_TEXT);
}
