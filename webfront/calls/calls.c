/* From a request to the broker and back. */
#include "webfront/calls/calls.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "common/cleanup.h"
#include "common/places.h"
#include "common/refusal.h"
#include "webfront/requests/peer.h"

enum { RETRY_SECONDS = 2 };

/* --- places --- */

void calls_set_unit(struct call *call, const char *id)
{
    struct unit_name name;
    bool is_name = unit_id_is_name(id) && unit_id_parse(id, &name) == 0;

    (void)snprintf(call->unit, sizeof(call->unit), "%s", is_name ? name.unit : id);
}

static unsigned count_same(const struct app *app, const struct call *as)
{
    const struct call *call;
    unsigned n = 0;

    LIST_FOREACH(call, &app->calls, link)
        n += call->kind == CALL_RESTART && call->verb == as->verb && strcmp(call->unit, as->unit) == 0;
    return n;
}

static struct outcome refuse_busy(const char *message)
{
    struct outcome outcome = outcome_refused(REFUSAL_BUSY, message);

    outcome.retry_after = RETRY_SECONDS;
    return outcome;
}

static struct outcome refuse_restart(const struct app *app, const struct call *call)
{
    unsigned same = count_same(app, call);
    struct outcome outcome;

    if (!places_full(app->places.restarts, app->n_restarts, same))
        return (struct outcome){ 0 };
    outcome =
        refuse_busy("Nothing was restarted: too many others wait for a restart. Try again in a moment.");
    if (app->n_restarts < app->places.restarts &&
        asprintf(&outcome.owned,
                 "Nothing was restarted: %u others wait for the very same restart. Try again in a moment.",
                 same) >= 0)
        outcome.message = outcome.owned;
    return outcome;
}

struct outcome calls_refuse(const struct app *app, const struct call *call)
{
    struct outcome outcome = { 0 };

    if (app->stopping) {
        outcome =
            outcome_refused(REFUSAL_UNAVAILABLE, "Nothing was restarted: the web front is about to end. "
                                                 "Try again in a few seconds.");
        outcome.retry_after = RETRY_SECONDS;
    } else if (call->kind == CALL_RESTART) {
        outcome = refuse_restart(app, call);
    } else if (app->n_reads >= app->places.reads) {
        outcome = refuse_busy("Too many others wait for the same kind of answer. Try again in a moment.");
    }
    return outcome;
}

/* --- calls --- */

static void leave(struct call *call)
{
    LIST_REMOVE(call, link);
    if (call->kind == CALL_RESTART)
        call->app->n_restarts--;
    else
        call->app->n_reads--;
}

static void finish(struct call *call, const struct rpc_client_answer *answer)
{
    struct app *app = call->app;

    leave(call);
    call->answered(call, answer);
    daemon_touch(app->daemon);
}

/* The broker sees its connection close, and tells the journal what became of the restart. */
static void on_gone(void *userdata)
{
    struct call *call = userdata;

    call->rpc = rpc_client_call_free(call->rpc);
    leave(call);
    http_reply(call->request, 0, NULL);
    daemon_touch(call->app->daemon);
    call->dropped(call);
}

static void on_done(const struct rpc_client_answer *answer, void *userdata)
{
    struct call *call = userdata;

    call->rpc = NULL;
    finish(call, answer);
}

static int send_call(struct call *call, xmlrpc_mem_block *body, uint64_t timeout_usec)
{
    char client[PEER_SIZE];
    struct rpc_client_request request = {
        .socket_path = call->app->broker_socket,
        .client = peer_format(http_request_fd(call->request), client),
        .body = XMLRPC_MEMBLOCK_CONTENTS(char, body),
        .size = XMLRPC_MEMBLOCK_SIZE(char, body),
        .timeout_usec = timeout_usec,
    };

    return rpc_client_call(call->app->event, &request, on_done, call, &call->rpc);
}

void calls_start(struct call *call, const struct wire_call *what, uint64_t timeout_usec)
{
    xmlrpc_mem_block *body = wire_call_encode(what);
    int r = body ? send_call(call, body, timeout_usec) : -ENOMEM;

    rpc_block_free(body);
    call->since_usec = app_now(call->app);
    LIST_INSERT_HEAD(&call->app->calls, call, link);
    if (call->kind == CALL_RESTART)
        call->app->n_restarts++;
    else
        call->app->n_reads++;
    http_request_on_gone(call->request, on_gone, call);
    if (r < 0)
        finish(call, &(struct rpc_client_answer){ .result = RPC_CLIENT_NOT_SENT, .error = -r });
}

void calls_stop(struct app *app)
{
    struct call *call;

    app->stopping = true;
    while ((call = LIST_FIRST(&app->calls))) {
        call->rpc = rpc_client_call_free(call->rpc);
        finish(call, &(struct rpc_client_answer){ .result = RPC_CLIENT_UNKNOWN, .error = ECANCELED });
    }
}
