/* Who asks, for other machines to be told: only what the broker of this one has just confirmed. A name is
 * never taken from a ticket before that, and what was confirmed is believed for a few seconds: who has signed
 * out does nothing elsewhere after that either. */
#pragma once

#include <systemd/sd-event.h>

#include "common/rpc/rpc-client.h"

enum {
    NAMES_FRESH_USEC = 2 * 1000 * 1000,
    NAMES_KEPT_MAX = 32, /* the oldest makes room */
};

struct names;
struct names_wait;

/* `named`: with a user and, where there are any, groups; valid during the callback. NULL: `answer` is how the
 * broker's own answer to that was, as that of a call of which nothing was sent. */
typedef void (*names_done)(const struct rpc_client_caller *named, const struct rpc_client_answer *answer,
                           void *userdata);

/* `broker_socket` stays the caller's. 0 or a negative errno. */
int names_new(sd_event *event, const char *broker_socket, struct names **ret);
/* After all that were asked for. Takes NULL. Returns NULL. */
struct names *names_free(struct names *names);

/* Who that caller, who is somebody, is: `done` is called at once, and *ret is NULL; or later, unless it is
 * freed before. 0 or a negative errno, and then `done` is not called. */
int names_ask(struct names *names, const struct rpc_client_caller *caller, names_done done, void *userdata,
              struct names_wait **ret);
/* Takes NULL. Returns NULL. */
struct names_wait *names_wait_free(struct names_wait *wait);

/* Somebody signed out: all are asked for anew. */
void names_drop(struct names *names);
