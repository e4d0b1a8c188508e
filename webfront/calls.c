/* From a request to the broker and back. */
#include "webfront/calls.h"

#include <errno.h>

#include "common/cleanup.h"
#include "webfront/peer.h"

const char *calls_refuse(const struct app *app)
{
    if (app->stopping)
        return "Nothing was restarted: the web front is about to end. Try again in a few seconds.";
    if (app->n_calls >= APP_CALLS_MAX)
        return "Nothing was restarted: too many requests are waiting for an answer. Try again in a few "
               "seconds.";
    return NULL;
}

static void finish(struct call *call, const struct rpc_client_answer *answer)
{
    struct app *app = call->app;

    LIST_REMOVE(call, link);
    app->n_calls--;
    call->answered(call, answer);
    daemon_touch(app->daemon);
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
    call->app->n_calls++;
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
