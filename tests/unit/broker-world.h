/* The whole broker in the test's own process: XML-RPC calls to its two sockets on one side, a PID 1 that does
 * as the test says on the other. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <systemd/sd-event.h>

#include "broker/broker.h"
#include "common/rpc/rpc-client.h"
#include "common/rpc/rpc.h"
#include "tests/unit/fake-systemd.h"

enum { CALLS = 8, DOORS = 2 };

struct broker_world {
    struct fake fake;
    struct broker *broker;
    /* Of those who call: the broker's own loop ends before they have read everything. */
    sd_event *client_event;
    char policy[96]; /* the file */
    char group[64];  /* of whoever runs the tests: he may come in */
    char paths[DOORS][96];
    int listen_fds[DOORS];
    struct call {
        bool done;
        struct rpc_client_answer answer;
        struct rpc_response response;
    } calls[CALLS];
};

/* For cmocka's set-up: a broker with that policy file, whose doors are open to that group; NULL: the own one.
 * *state is a struct broker_world. */
int broker_set_up(void **state, const char *policy, const char *group);
int broker_tear_down(void **state);

/* The policy file from now on; the broker reads it when it is told to. */
void write_policy(const struct broker_world *w, const char *text);

/* Begins the i-th call, at the web front's door (0) or at that for scripts (1); `parameter` NULL: none. Valid
 * until the next i-th one. */
struct call *begin_at(struct broker_world *w, size_t gate, size_t i, const char *method,
                      const char *parameter);

/* As a script. */
struct call *begin(struct broker_world *w, size_t i, const char *method, const char *parameter);

/* One turn of both loops. */
void turn(struct broker_world *w);

void wait_for(struct broker_world *w, const struct call *call);

/* Begins the first call as a script, and waits for its answer. */
struct call *ask(struct broker_world *w, const char *method, const char *parameter);

/* So many calls were taken, and PID 1 keeps some of its answers back. */
void wait_for_pending(struct broker_world *w, unsigned n, unsigned n_held);

/* Among what it tells systemd. */
void assert_described(const struct broker_world *w, const char *expected);

/* What was answered: a fault, or a struct with such a member. */
void assert_fault(const struct call *call, int code);
void assert_member(const struct call *call, const char *key, const char *expected);
void assert_truth(const struct call *call, const char *key, bool expected);
