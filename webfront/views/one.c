/* The list is not kept meanwhile: whoever waited for the restarts asks for it anew, which is at hand. */
#include "webfront/views/one.h"

#include <stdlib.h>

#include "common/cleanup.h"
#include "common/refusal.h"
#include "webfront/calls/answer.h"
#include "webfront/calls/caller.h"
#include "webfront/calls/list-rpc.h"
#include "webfront/views/pasts.h"

struct asking {
    struct call call; /* first */
    struct parts *parts;
    struct caller caller;
    struct wire_list_options part;
    struct past_key key;
    list_ready ready;
};

bool one_is_listed(const struct list_snapshot *snapshot)
{
    const struct wire_list *list = &snapshot->answer.list;

    return !snapshot->problem.message && list->n_instances == 1 && list->matching == 1 &&
           list->failed + list->restarting + list->running + list->stopped == 1;
}

static bool find_key(const struct list_snapshot *snapshot, struct past_key *ret)
{
    if (!one_is_listed(snapshot))
        return false;
    past_key_set(ret, snapshot->caller, &snapshot->answer.list.instances[0]);
    return true;
}

/* The list that is shown may be newer than the one for which the journal was asked: what was asked last is
 * shown with it, until somebody asks again. */
const struct outcome *one_past(const struct parts *parts, const struct list_snapshot *snapshot)
{
    const struct outcome *past;
    struct past_key key;

    if (!find_key(snapshot, &key))
        return NULL;
    past = pasts_find(parts->pasts, &key);
    return past ? past : pasts_newest(parts->pasts, &key);
}

static void on_answered(struct call *call, const struct rpc_client_answer *answer)
{
    struct asking *asking = (struct asking *)call;
    struct parts *parts = asking->parts;
    _cleanup_(outcome_done) struct outcome past = outcome_of_read(WIRE_PAST, answer);
    struct outcome full;

    pasts_keep(parts->pasts, &asking->key, &past);
    if (list_cache_get(parts->list, &asking->caller.rpc, &asking->part, asking->ready, call->request,
                       parts) == 0)
        return;
    full = outcome_refused(REFUSAL_BUSY, LIST_FULL);
    full.retry_after = 1;
    answer_fixed(parts->answers, call->request, FORMAT_HTML, &full);
}

static void ask(struct parts *parts, const struct list_snapshot *snapshot, struct http_request *request,
                struct asking *asking)
{
    const struct wire_call what = { .method = &WIRE_METHODS[WIRE_METHOD_HISTORY], .unit = asking->key.unit };

    asking->call.answered = on_answered;
    asking->call.patience_usec = CALLS_JOURNAL_USEC;
    asking->parts = parts;
    asking->part = *snapshot->part;
    caller_keep(&asking->caller, snapshot->caller);
    calls_start(parts->calls, &asking->call, request, &asking->caller.rpc, &what);
}

bool one_ask(struct parts *parts, const struct list_snapshot *snapshot, struct http_request *request,
             list_ready ready)
{
    const struct wire_call what = { .method = &WIRE_METHODS[WIRE_METHOD_HISTORY] };
    _cleanup_(outcome_done) struct outcome refused = calls_refuse(parts->calls, snapshot->caller, &what);
    struct asking *asking;
    struct past_key key;

    if (!find_key(snapshot, &key) || pasts_find(parts->pasts, &key) || refused.message)
        return false;
    asking = calloc(1, sizeof(*asking));
    if (!asking)
        return false;
    asking->key = key;
    asking->ready = ready;
    ask(parts, snapshot, request, asking);
    return true;
}
