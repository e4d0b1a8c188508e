/* Calls to the broker that a request waits for: bounded in number, and each answered exactly once, whatever
 * happens. */
#pragma once

#include "common/rpc-client.h"
#include "common/wire-call.h"
#include "webfront/app.h"

/* Embedded as the first member of what a request needs to remember. */
struct call {
    LIST_ENTRY(call) link;
    struct app *app;
    struct http_request *request;
    struct rpc_client_call *rpc;
    uint64_t since_usec;
    /* Answers the request and frees the call. */
    void (*answered)(struct call *call, const struct rpc_client_answer *answer);
};

/* Why no further call can be made now, as a whole sentence; NULL when one can. */
const char *calls_refuse(const struct app *app);

/* Sends `what`. From here on the call belongs to the module until `answered`, which may come at once. app,
 * request and answered are set by the caller. */
void calls_start(struct call *call, const struct wire_call *what, uint64_t timeout_usec);

/* Gives up on all of them: each is answered as one whose outcome is unknown. No further ones are made. */
void calls_stop(struct app *app);
