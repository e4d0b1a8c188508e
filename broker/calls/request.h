/* One call and its answer. The method's handler owns it, and answers now or later. */
#pragma once

#include <stdint.h>
#include <sys/queue.h>

#include "broker/calls/peer.h"
#include "broker/calls/places.h"
#include "broker/jobs/job-caller.h"
#include "broker/jobs/outcome.h"
#include "broker/systemd/unit-read.h"
#include "common/http/http.h"
#include "common/journal.h"
#include "common/rpc/wire.h"

#define REQUEST_MEDIA_TYPE "text/xml"

struct broker;
struct broker_gate;
struct method;

struct request {
    struct broker *broker;
    struct broker_gate *gate;
    struct http_request *http;
    struct peer peer;
    const struct method *method;
    unsigned verb; /* that the method is for; 0: it reads */
    struct place place;
    bool left; /* its caller has hung up; what it waits for is still told to the journal */
    uint64_t begin_usec;
    char asked[JOURNAL_ASKED_SIZE]; /* its parameter, cleaned, for the journal */
    char unit[UNIT_NAME_SIZE];      /* what a method resolved its parameter to */
    struct job_caller caller;       /* of a restart */
    TAILQ_ENTRY(request) link;      /* of whom a method keeps waiting */
    struct unit_read *read;         /* of a status */
    struct unit_state state;
};

/* Each answers the call and frees the request, with its place. */
void request_answer(struct request *request, const struct wire_answer *answer, unsigned retry_after);
/* The response stays the caller's; NULL stands for out of memory. */
void request_answer_shared(struct request *request, struct http_shared *response);
/* What request_answer() sends, for sharing; NULL when out of memory. */
struct MHD_Response *request_response(const struct wire_answer *answer);
void request_fault(struct request *request, int code, const char *text, unsigned retry_after);

/* The caller has hung up: the connection and the place are given back, and the request waits on without them,
 * for its answer to be recorded. */
void request_leave(struct request *request);
