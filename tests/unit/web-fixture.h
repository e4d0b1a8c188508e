/* A whole web front in the test's own process, with a broker behind it that does as it is told: both on one
 * event loop, which runs while a client of the test waits for its answer. */
#pragma once

#include <stdbool.h>
#include <sys/un.h>

#include "common/rpc/rpc.h"
#include "webfront/calls/audit.h"
#include "webfront/calls/calls.h"
#include "webfront/webfront.h"

enum { WEB_HELD_MAX = 256 };

/* What the broker does with a restart. */
enum broker_mode {
    BROKER_RESTARTS,
    BROKER_FAILS,   /* the job fails */
    BROKER_REFUSES, /* a fault with Retry-After */
    BROKER_GRANTS_NOT,
    BROKER_HOLDS,   /* no answer, until web_release() */
    BROKER_BABBLES, /* an answer that is none */
};

struct web {
    struct settings settings;
    struct webfront *front;
    sd_event *event; /* of both */
    int listen_fd, broker_fd;
    struct sockaddr_un address;
    socklen_t address_size;
    char directory[64], broker_path[96];
    struct http_server *broker;
    enum broker_mode mode;
    bool hold_lists, hold_others, refuse_lists, policy_broken;
    unsigned restarts, lists, others;
    unsigned neighbours; /* in the list, beside the one instance */
    char id[300], client[128];
    int settle; /* of the last restart; -1: not said */
    char press[WIRE_PRESS_MAX + 1];
    struct http_request *held[WEB_HELD_MAX];
    size_t n_held;
};

/* For cmocka: *state is a struct web, whose broker restarts whatever it is asked for. */
int web_setup(void **state);
int web_teardown(void **state);

/* The broker is there anew, after web_stop_broker(). */
void web_start_broker(struct web *web);

/* Whoever waits for it is hung up on. */
void web_stop_broker(struct web *web);

/* Consumes the value. */
void broker_reply_value(struct http_request *request, xmlrpc_value *value);
xmlrpc_value *broker_list(const struct web *web);

/* Answers what was held by BROKER_HOLDS, with nonsense; in another mode, as that mode answers a restart. */
void web_release(struct web *web);

/* Answers what was held by hold_lists. */
void web_release_lists(struct web *web);

/* The callers of those are gone. */
void web_forget_held(struct web *web);

/* Turns of the loop, each of a millisecond at the most. */
void web_run(struct web *web, unsigned turns);
