/* One XML-RPC call over HTTP over a Unix socket, without blocking. Each call has a connection of its own: a
 * call that was sent is never sent again behind the caller's back, since a restart must not happen twice. */
#pragma once

#include <stddef.h>
#include <stdint.h>
#include <systemd/sd-event.h>

enum rpc_client_result {
    RPC_CLIENT_ANSWERED, /* a whole HTTP answer with status 200 */
    RPC_CLIENT_REFUSED,  /* a whole HTTP answer with another status: the body is a line of text */
    RPC_CLIENT_NOT_SENT, /* nobody took the call: nothing happened */
    RPC_CLIENT_UNKNOWN,  /* it was sent, and no whole answer came back */
    RPC_CLIENT_TIMEOUT,  /* as UNKNOWN: the time was up */
};

struct rpc_client_answer {
    enum rpc_client_result result;
    unsigned status;      /* HTTP's; 0 without an answer */
    unsigned retry_after; /* seconds, from the header of that name; 0: none */
    int error;            /* errno for NOT_SENT and UNKNOWN, or 0 */
    const char *body;     /* valid during the callback; NUL-terminated */
    size_t size;          /* at most RPC_RESPONSE_MAX */
};

struct rpc_client_request {
    const char *socket_path;
    const char *user; /* sent as Restarter-User, whom the call is made for; NULL: no header */
    const char
        *client; /* sent as Restarter-Client, where that user sits ("127.0.0.1:40312"); NULL: no header */
    const char *body; /* the call, copied */
    size_t size;
    uint64_t timeout_usec; /* from now to the whole answer */
};

struct rpc_client_call;
typedef void (*rpc_client_done)(const struct rpc_client_answer *answer, void *userdata);

/* Starts the call. `done` is called exactly once, always from the event loop and never from within this
 * function, unless the call is freed first. The call frees itself after `done`. Returns 0 or a negative errno
 * (nothing was sent then, and `done` is not called). */
int rpc_client_call(sd_event *event, const struct rpc_client_request *request, rpc_client_done done,
                    void *userdata, struct rpc_client_call **ret);
/* Gives up on the answer. Takes NULL. Returns NULL. */
struct rpc_client_call *rpc_client_call_free(struct rpc_client_call *call);
