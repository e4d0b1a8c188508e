/* Calls to the broker that a request waits for: bounded in number, restarts and reads apart, and each
 * answered exactly once, whatever happens. A call whose client has left is given up, and its place is free:
 * what was asked for goes on. */
#pragma once

#include "common/rpc/rpc-client.h"
#include "common/rpc/wire-call.h"
#include "common/unit-name.h"
#include "webfront/calls/app.h"
#include "webfront/pages/outcome.h"

enum call_kind {
    CALL_RESTART,
    CALL_READ,
};

/* Embedded as the first member of what a request needs to remember. */
struct call {
    LIST_ENTRY(call) link;
    struct app *app;
    struct http_request *request;
    enum call_kind kind;
    /* Of a restart: what it is for, see calls_set_unit(), and which of common/verb.h. */
    char unit[UNIT_NAME_SIZE];
    unsigned verb;
    struct rpc_client_call *rpc;
    uint64_t since_usec;
    /* Answers the request and frees the call. */
    void (*answered)(struct call *call, const struct rpc_client_answer *answer);
    /* Frees the call, whose request has been ended: its client has left. */
    void (*dropped)(struct call *call);
};

/* Which unit an id means, as far as that is known here: two ways to write it should be one. Anything that is
 * no id is taken as well. */
void calls_set_unit(struct call *call, const char *id);

/* Why the call cannot be made now; no message when it can. To be freed with outcome_done(). */
struct outcome calls_refuse(const struct app *app, const struct call *call);

/* Sends `what`. From here on the call belongs to the module until `answered` or `dropped`, which may come at
 * once. All but link, rpc and since_usec are set by the caller. */
void calls_start(struct call *call, const struct wire_call *what, uint64_t timeout_usec);

/* Gives up on all of them: each is answered as one whose outcome is unknown. No further ones are made. */
void calls_stop(struct app *app);
