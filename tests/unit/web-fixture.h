/* A whole web front in the test's own process, with a broker behind it that does as it is told: both on one
 * event loop, which runs while a client of the test waits for its answer. */
#pragma once

#include <stdbool.h>
#include <sys/un.h>

#include "common/rpc/rpc.h"
#include "common/ticket.h"
#include "tests/unit/web-broker.h"
#include "tests/unit/web-watch.h"
#include "webfront/calls/audit.h"
#include "webfront/calls/calls.h"
#include "webfront/webfront.h"

enum { WEB_HELD_MAX = 256 };

struct web {
    struct settings settings;
    struct webfront *front;
    sd_event *event; /* of both */
    int listen_fd, broker_fd;
    struct sockaddr_un address;
    socklen_t address_size;
    char directory[64], broker_path[96], settings_path[96];
    struct http_server *broker;
    enum broker_mode mode;
    bool hold_lists, hold_others, refuse_lists, policy_broken;
    const char *signed_out; /* a ticket that is refused; NULL: none is */
    bool repeats;           /* its restarts were done for the same press before */
    bool wants_login;       /* who has none is refused, too */
    const char *renewed;    /* the answer to restarter.renew; NULL: nonsense */
    /* The answer to a method, in place of what the fixture would say; NULL: it says that. */
    const struct wire_answer *answers[WIRE_METHODS_COUNT];
    char method[64]; /* of the last call */
    unsigned restarts, lists, others;
    const char *description; /* of the one instance; NULL: as of its neighbours */
    struct web_watch watch;
    unsigned neighbours; /* in the list, beside the one instance */
    char id[300], client[128], user[128],
        groups[512]; /* of the last call; user and groups: "" without that header */
    char ticket[TICKET_SIZE];
    int settle; /* of the last restart; -1: not said */
    char press[WIRE_PRESS_MAX + 1];
    struct http_request *held[WEB_HELD_MAX];
    size_t n_held;
};

/* For cmocka: *state is a struct web, whose broker restarts whatever it is asked for. */
int web_setup(void **state);
/* The same with another webfront.conf. */
int web_setup_with(void **state, const char *settings);
/* The same as the front of the proxy's door. */
int web_setup_proxys(void **state);
int web_teardown(void **state);
/* What a setup does next to webfront.conf, with the folder of the credentials; NULL: nothing. */
extern void (*web_setup_more)(struct web *web);

/* Turns of the loop, each of a millisecond at the most. */
void web_run(struct web *web, unsigned turns);
