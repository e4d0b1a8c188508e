/* One call and its answer. The method's handler owns it, and answers now or later. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "broker/calls/peer.h"
#include "broker/calls/places.h"
#include "broker/jobs/target.h"
#include "broker/outcome/outcome.h"
#include "common/http/http.h"
#include "common/journal.h"
#include "common/rpc/wire.h"
#include "common/rpc/wire-call.h"

#define REQUEST_MEDIA_TYPE "text/xml"

struct audit;
struct members;
struct jobs;
struct lister;
struct policy_in_force;
struct statuses;

/* What methods work with: each takes the one or two that it needs. Wired once, before the first call. */
struct services {
    const struct policy_in_force *policy;
    const struct members *members;
    struct jobs *jobs;
    struct statuses *statuses;
    struct lister *lister;
    struct audit *audit;
};

/* What every call has. What a method keeps while it waits is the method's own. */
struct request {
    const struct services *services;
    const struct gate *gate; /* by which it came in */
    struct places *places;   /* there */
    struct http_request *http;
    struct peer peer;
    struct person person;             /* who asks, owned */
    const struct wire_method *method; /* NULL: not known yet */
    struct place place;
    bool left; /* its caller has hung up; what it waits for is still told to the journal */
    uint64_t begin_usec;
    char asked[JOURNAL_ASKED_SIZE]; /* its parameter, cleaned, for the journal */
};

/* The unit that an id means, which is noted for the journal. False when the policy does not cover it, or it
 * means none; *ret_outcome is the refusal then. */
bool request_target(struct request *request, const char *id, struct target *ret, struct outcome *ret_outcome);

/* The sentence of an outcome, as this caller is told it: files, lines and what would open a lock are for
 * admins. The text is the outcome's, or stands in `buffer`. */
const char *request_sentence(const struct request *request, const struct outcome *outcome,
                             char buffer[static SENTENCE_SIZE]);

/* Each answers the call and frees the request, with its place. */
void request_answer(struct request *request, const struct wire_answer *answer, unsigned retry_after);
/* The response stays the caller's; NULL stands for out of memory. */
void request_answer_shared(struct request *request, struct http_shared *response);
/* What request_answer() sends, for sharing; NULL when out of memory. */
struct MHD_Response *request_response(const struct wire_answer *answer);
void request_fault(struct request *request, int code, const char *text, unsigned retry_after);
void request_no_memory(struct request *request);
/* The refusal of the outcome, as a fault. */
void request_refuse(struct request *request, const struct outcome *outcome);

/* The caller has hung up: the connection and the place are given back, and the request waits on without them,
 * for its answer to be recorded. */
void request_leave(struct request *request);
