/* Connections that are kept (common/rpc/rpc-kept.h), and the peer at their other ends, as a test plays it. */
#pragma once

#include <stdbool.h>
#include <systemd/sd-event.h>

#include "common/rpc/rpc-kept.h"

#define KEPT_GOOD "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi"

enum { PEERS_MAX = 16 };

struct kept_world {
    sd_event *event;
    char directory[32], path[64];
    int listener;
    int peers[PEERS_MAX]; /* connections that were accepted, in that order; -1: closed */
    unsigned n_peers;
    struct rpc_kept *kept;
};

struct kept_seen {
    unsigned calls;
    struct rpc_client_answer answer;
    char body[64];
};

/* For cmocka: *state is the world. The clock is held. */
int kept_setup(void **state);
int kept_teardown(void **state);

/* What the peer does: all that waits to be accepted; what one has been sent and not read; what it says. */
void kept_accept(struct kept_world *world);
const char *kept_heard(struct kept_world *world, unsigned peer);
void kept_say(struct kept_world *world, unsigned peer, const char *text);
void kept_hang_up(struct kept_world *world, unsigned peer);

void kept_turn(struct kept_world *world, int n);
/* A rpc_client_done, for struct kept_seen. */
void kept_on_done(const struct rpc_client_answer *answer, void *userdata);
/* A call, and its end, which has to be that. */
void kept_begin(struct kept_world *world, bool reads, struct kept_seen *seen);
void kept_end(struct kept_world *world, const struct kept_seen *seen, enum rpc_client_result result);
/* A call that goes well, over that peer's connection. */
void kept_pass(struct kept_world *world, unsigned peer);
