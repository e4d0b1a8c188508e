/* Each view is rendered once for a snapshot of the list and then shared by all who ask. */
#include "webfront/calls/views.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/cleanup.h"
#include "common/refusal.h"
#include "common/text.h"
#include "webfront/calls/answer.h"
#include "webfront/calls/list-cache.h"
#include "webfront/calls/pressed-page.h"
#include "webfront/pages/page-list.h"

enum view {
    VIEW_PAGE,
    VIEW_INSTANCES,
    VIEW_HEALTH,
    VIEW_HEALTH_JSON,
    VIEW_RPC,
    VIEW_MAX,
};
_Static_assert((int)VIEW_MAX <= (int)LIST_VIEWS_MAX, "a snapshot keeps all views");

/* What is wrong, in a sentence; NULL when nothing is. */
static const char *find_problem(const struct list_snapshot *snapshot)
{
    if (snapshot->problem.message)
        return snapshot->problem.message;
    return snapshot->answer.list.policy_ok ? NULL : snapshot->answer.list.policy_error;
}

static char *render_page(const struct parts *parts, const struct list_snapshot *snapshot, size_t *ret_size)
{
    const char *problem = snapshot->problem.message;

    return page_list(answer_own_site(parts->answers), problem ? NULL : &snapshot->answer.list, problem,
                     time(NULL), ret_size);
}

static struct MHD_Response *make_instances(const struct list_snapshot *snapshot)
{
    const struct wire_answer problem = outcome_to_wire(&snapshot->problem);

    return answer_new_json(snapshot->problem.message ? &problem : &snapshot->answer);
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
                    .covers = "web front, broker, policy file, systemd's list of units",
                    .not_covered = "bus policy, polkit, units: see restartctl check" },
    };

    return answer_new_json(&health);
}

static struct MHD_Response *make_rpc(const struct list_snapshot *snapshot)
{
    const struct wire_answer fault = {
        .kind = WIRE_FAULT,
        .fault = { snapshot->fault, snapshot->problem.message },
    };

    return answer_new_rpc(snapshot->problem.message ? &fault : &snapshot->answer,
                          snapshot->problem.retry_after);
}

static struct http_shared *make_page(const struct parts *parts, const struct list_snapshot *snapshot)
{
    size_t size = 0;
    char *text = render_page(parts, snapshot, &size);

    return pressed_page_new(text, size);
}

static struct http_shared *make_view(struct parts *parts, const struct list_snapshot *snapshot,
                                     enum view view)
{
    switch (view) {
    case VIEW_PAGE:
        return make_page(parts, snapshot);
    case VIEW_INSTANCES:
        return http_shared_new(make_instances(snapshot));
    case VIEW_HEALTH:
        return http_shared_new(make_health(snapshot));
    case VIEW_HEALTH_JSON:
        return http_shared_new(make_health_json(snapshot));
    default:
        return http_shared_new(make_rpc(snapshot));
    }
}

static void reply_view(struct parts *parts, struct list_snapshot *snapshot, struct http_request *request,
                       enum view view, const char *problem)
{
    if (!snapshot->views[view])
        snapshot->views[view] = make_view(parts, snapshot, view);
    http_reply_shared(request, problem ? MHD_HTTP_SERVICE_UNAVAILABLE : MHD_HTTP_OK, snapshot->views[view]);
}

static void page_ready(struct list_snapshot *snapshot, struct http_request *request, void *userdata)
{
    reply_view(userdata, snapshot, request, VIEW_PAGE, snapshot->problem.message);
}

static void instances_ready(struct list_snapshot *snapshot, struct http_request *request, void *userdata)
{
    reply_view(userdata, snapshot, request, VIEW_INSTANCES, snapshot->problem.message);
}

static void health_ready(struct list_snapshot *snapshot, struct http_request *request, void *userdata)
{
    enum format format = accept_of(request, FORMAT_TEXT);

    reply_view(userdata, snapshot, request, format == FORMAT_JSON ? VIEW_HEALTH_JSON : VIEW_HEALTH,
               find_problem(snapshot));
}

/* A fault is an answer too. */
static void rpc_ready(struct list_snapshot *snapshot, struct http_request *request, void *userdata)
{
    reply_view(userdata, snapshot, request, VIEW_RPC, NULL);
}

static void get(struct parts *parts, struct http_request *request, list_ready ready, enum format format)
{
    struct outcome full;

    if (list_cache_get(parts->list, ready, request, parts) == 0)
        return;
    full = outcome_refused(REFUSAL_BUSY, VIEWS_FULL);
    full.retry_after = 1;
    answer_fixed(parts->answers, request, format, &full);
}

void views_page(struct parts *parts, struct http_request *request)
{
    get(parts, request, page_ready, FORMAT_HTML);
}

void views_instances(struct parts *parts, struct http_request *request)
{
    get(parts, request, instances_ready, FORMAT_JSON);
}

bool views_rpc(struct parts *parts, struct http_request *request)
{
    return list_cache_get(parts->list, rpc_ready, request, parts) == 0;
}

void views_health(struct parts *parts, struct http_request *request)
{
    get(parts, request, health_ready, FORMAT_TEXT);
}
