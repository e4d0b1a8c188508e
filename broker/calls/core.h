/* What the broker has, and its methods work on. broker.h makes it. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <inttypes.h>
#include <sys/queue.h>

#include "broker/calls/peer.h"
#include "broker/calls/places.h"

struct daemon;
struct http_server;
struct jobs;
struct lister;
struct memory;
struct policy;
struct presses;
struct request;
struct starts;
struct systemd;
struct units;

TAILQ_HEAD(request_list, request);

enum { BROKER_GATES = 2 };

struct broker_gate {
    struct broker *broker;
    struct gate gate;
    struct http_server *server;
    struct places places;
    unsigned n_left; /* who wait for a restart in name only: their callers have hung up */
};

struct broker {
    struct daemon *daemon;
    struct broker_gate gates[BROKER_GATES];
    struct systemd *systemd;
    struct memory *presses_memory, *starts_memory;
    struct presses *presses;
    struct starts *starts;
    struct units *units;
    struct jobs *jobs;
    struct lister *lister;
    struct request_list reading; /* who waits for a unit's state */
    unsigned n_reads;            /* of them, whose state is being read */

    const char *policy_path;
    struct policy *policy; /* NULL: the file is broken, and nothing is granted */
    char *policy_error;    /* "FILE:LINE: message" of the last reading; NULL: it was good */

    uint64_t restarts, reloads, refused, unknown; /* since start */
    bool stopping;
    uint64_t stopping_usec;
};
