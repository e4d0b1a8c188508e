/* Many may ask for the list at once, and it may be long: it is encoded once for a snapshot of it. */
#include "webfront/calls/list-rpc.h"

#include <stdlib.h>

#include "common/cleanup.h"
#include "common/refusal.h"
#include "webfront/calls/answer.h"
#include "webfront/calls/gate.h"
#include "webfront/calls/list-cache.h"
#include "webfront/calls/programs.h"

bool list_let_in(struct parts *parts, const struct list_snapshot *snapshot, struct http_request *request,
                 enum format otherwise)
{
    if (snapshot->problem.code != REFUSAL_LOGIN)
        return true;
    if (!programs_ask_again(parts, request, accept_of(request, otherwise)))
        gate_refuse(parts, request, accept_of(request, otherwise), &snapshot->problem);
    return false;
}

struct wire_fault list_rpc_fault(const struct parts *parts, const struct list_snapshot *snapshot,
                                 char **ret_owned)
{
    struct outcome problem = snapshot->problem;

    problem.owned = NULL;
    if (problem.message)
        outcome_speak_of_machine(&problem, parts->machine, "");
    *ret_owned = problem.owned;
    return (struct wire_fault){ snapshot->fault, problem.message };
}

static struct MHD_Response *make_response(const struct parts *parts, const struct list_snapshot *snapshot)
{
    _cleanup_(freep) char *message = NULL;
    const struct wire_answer fault = {
        .kind = WIRE_FAULT,
        .fault = list_rpc_fault(parts, snapshot, &message),
    };

    return answer_new_rpc(snapshot->problem.message ? &fault : &snapshot->answer,
                          snapshot->problem.retry_after);
}

/* A fault is an answer too. */
static void on_ready(struct list_snapshot *snapshot, struct http_request *request, void *userdata)
{
    if (!list_let_in(userdata, snapshot, request, FORMAT_TEXT))
        return;
    if (!snapshot->views[VIEW_RPC])
        snapshot->views[VIEW_RPC] = http_shared_new(make_response(userdata, snapshot));
    http_reply_shared(request, MHD_HTTP_OK, snapshot->views[VIEW_RPC]);
}

bool list_rpc(struct parts *parts, struct http_request *request, const struct rpc_client_caller *caller,
              const struct wire_list_options *part)
{
    return list_cache_get(parts->list, caller, part, on_ready, request, parts) == 0;
}
