/* One XML-RPC call over HTTP over a Unix socket, without blocking. It has a connection of its own, or one
 * that is there already. A call that was sent is never sent again behind the caller's back, since a restart
 * must not happen twice. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <systemd/sd-event.h>

#include "common/rpc/rpc-post.h"

enum rpc_client_result {
    RPC_CLIENT_ANSWERED, /* a whole HTTP answer with status 200 */
    RPC_CLIENT_REFUSED,  /* the head of an HTTP answer with another status: the body is a line of text */
    RPC_CLIENT_NOT_SENT, /* nobody took the call: nothing happened */
    RPC_CLIENT_UNKNOWN,  /* it was sent, and no whole answer came back */
    RPC_CLIENT_TIMEOUT,  /* as UNKNOWN: the time was up */
};

struct rpc_client_answer {
    enum rpc_client_result result;
    unsigned status;      /* HTTP's; 0 without an answer */
    unsigned retry_after; /* seconds, from the header of that name; 0: none */
    unsigned refusal;     /* the code of what was refused without a fault, as restart_unit is; 0: none */
    int error;            /* errno for NOT_SENT and UNKNOWN, or 0 */
    const char *body;     /* valid during the callback; NUL-terminated */
    size_t size;          /* at most RPC_RESPONSE_MAX; what refused is cut at RPC_REFUSAL_MAX */
};

/* A connection that is there before the call, or after it, or both. */
struct rpc_client_keep {
    int fd; /* a connected stream, which does not block; -1: the socket at socket_path is connected to */
    /* Only asked for when there is a socket_path: a call that only reads is sent once more, over a new
     * connection, when `fd` ends without a byte of an answer. One of which no byte was taken always is. */
    bool repeat;
    /* Is given the connection for another call, from then on its owner's to close, just before `done`: after
     * a whole answer, with nothing behind it, of somebody who keeps it open too. NULL: the connection ends
     * with the call. */
    void (*spare)(int fd, void *userdata);
    void *userdata;
};

struct rpc_client_request {
    const char *socket_path;            /* may be NULL when `keep` has a descriptor */
    const struct rpc_client_keep *keep; /* copied; NULL: a connection of the call's own */
    struct rpc_client_caller caller;
    const char *body; /* the call, copied */
    size_t size;
    uint64_t timeout_usec; /* from now to the whole answer */
};

struct rpc_client_call;
typedef void (*rpc_client_done)(const struct rpc_client_answer *answer, void *userdata);

/* Starts the call. `done` is called exactly once, always from the event loop and never from within this
 * function, unless the call is freed first. The call frees itself after `done`. Returns 0 or a negative errno
 * (nothing was sent then, and `done` is not called; a descriptor in `keep` is still the caller's, and the
 * call's otherwise). */
int rpc_client_call(sd_event *event, const struct rpc_client_request *request, rpc_client_done done,
                    void *userdata, struct rpc_client_call **ret);
/* Gives up on the answer. Takes NULL. Returns NULL. */
struct rpc_client_call *rpc_client_call_free(struct rpc_client_call *call);
