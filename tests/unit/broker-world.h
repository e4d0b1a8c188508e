/* The whole broker in the test's own process: XML-RPC calls to its sockets on one side, a PID 1 that does
 * as the test says on the other. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <systemd/sd-event.h>

#include "broker/broker.h"
#include "common/rpc/rpc-client.h"
#include "common/rpc/rpc.h"
#include "tests/unit/fake-systemd.h"

enum { CALLS = 8, DOORS = 3 };

struct broker_world {
    struct fake fake;
    struct broker_setup setup;
    struct broker *broker;
    /* Of those who call: the broker's own loop ends before they have read everything. */
    sd_event *client_event;
    char policy[96], web[96]; /* the files */
    char record[96];          /* where it asks for the record: nobody is there */
    char group[64];           /* of whoever runs the tests: he may come in */
    char paths[DOORS][96];
    int listen_fds[DOORS];
    unsigned n_passed;                       /* to the broker */
    struct rpc_client_caller callers[DOORS]; /* for whom each call is made */
    struct call {
        bool done;
        struct rpc_client_call *client; /* while it waits */
        struct rpc_client_answer answer;
        struct rpc_response response;
    } calls[CALLS];
};

/* For cmocka's set-up: a broker with that policy file, whose doors are open to that group; NULL: the own one.
 * *state is a struct broker_world. */
int broker_set_up(void **state, const char *policy, const char *group);
/* The same without the door that need not be there. */
int broker_set_up_without_proxy(void **state, const char *policy);
int broker_tear_down(void **state);

/* Another broker in the place of the one that is there. */
void broker_set_up_anew(struct broker_world *w);

/* The policy file from now on; the broker reads it when it is told to. */
void write_policy(const struct broker_world *w, const char *text);

/* The same of webfront.conf, which says Login=none at the start; NULL: there is none. */
void write_web(const struct broker_world *w, const char *text);

/* Begins the i-th call, at the web front's door (0), at that for scripts (1) or at the proxy's front's (2);
 * `parameter` NULL: none. Valid
 * until the next i-th one. */
struct call *begin_at(struct broker_world *w, size_t gate, size_t i, const char *method,
                      const char *parameter);

/* The same with those parameters, which it releases. */
struct call *begin_with(struct broker_world *w, size_t gate, size_t i, const char *method,
                        xmlrpc_value *params);

/* A restart, by that press. */
struct call *begin_press(struct broker_world *w, size_t gate, size_t i, const char *unit, const char *press);

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
