/* Calls to the broker: the one place that knows its socket. Those that a request waits for are bounded in
 * number, restarts and reads apart, and each is answered exactly once, whatever happens. A call whose client
 * has left is given up, and its place is free: what was asked for goes on. */
#pragma once

#include <stdbool.h>
#include <sys/queue.h>
#include <systemd/sd-event.h>

#include "common/http/http.h"
#include "common/rpc/rpc-client.h"
#include "common/rpc/wire-call.h"
#include "common/unit-name.h"
#include "webfront/pages/outcome.h"

enum {
    CALLS_READ_USEC = 2 * 1000 * 1000, /* for whatever only reads */
};

struct calls;

struct calls_terms {
    const char *broker_socket; /* the caller's, for as long as the calls live */
    uint64_t patience_usec;    /* for a call that may restart something */
    unsigned restarts, reads;  /* places: how many may wait at once */
};

/* Embedded as the first member of what a request needs to remember, which is from calloc(). The caller sets
 * `answered`, which answers the request; the rest is the module's. */
struct call {
    LIST_ENTRY(call) link;
    struct calls *calls;
    struct http_request *request;
    unsigned verb;             /* of common/verb.h; 0: it only reads */
    char unit[UNIT_NAME_SIZE]; /* which unit it means, as far as that is known here */
    struct rpc_client_call *rpc;
    uint64_t since_usec;
    void (*answered)(struct call *call, const struct rpc_client_answer *answer);
};

/* 0 or a negative errno. */
int calls_new(sd_event *event, const struct calls_terms *terms, struct calls **ret);
/* After calls_stop(). Takes NULL. Returns NULL. */
struct calls *calls_free(struct calls *calls);

/* Why a call for that cannot be made now; no message when it can. It speaks of the verb. To be freed with
 * outcome_done(). */
struct outcome calls_refuse(const struct calls *calls, const struct wire_call *what);

/* Sends `what` for the request. The call, and the struct that it begins, belong to the module from here on:
 * it frees them after `answered`, which may come at once, or when the client has left. */
void calls_start(struct calls *calls, struct call *call, struct http_request *request,
                 const struct wire_call *what);

/* Sends `what` for nobody in particular (`client` is NULL), or for who sits there: it takes no place, and is
 * the caller's. Otherwise as rpc_client_call(). */
int calls_send(struct calls *calls, const struct wire_call *what, const char *client, uint64_t timeout_usec,
               rpc_client_done done, void *userdata, struct rpc_client_call **ret);

/* Gives up on all that were started: each is answered as one whose outcome is unknown. No further ones are
 * made. */
void calls_stop(struct calls *calls);
bool calls_stopping(const struct calls *calls);

/* Started, and not answered yet. */
unsigned calls_under_way(const struct calls *calls);
