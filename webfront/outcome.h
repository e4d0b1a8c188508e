/* What became of a request to restart something, however it ended: one shape for the page, the JSON and the
 * XML-RPC answer, made out of whatever the broker sent or failed to send. */
#pragma once

#include <stdbool.h>
#include <xmlrpc-c/base.h>

#include "common/rpc-client.h"

#define OUTCOME_LOOK_FIRST "It may or may not have been restarted: look at its state before you try again."

enum outcome_kind {
    OUTCOME_SUCCEEDED, /* the job ended and the unit is up */
    OUTCOME_FAILED,    /* the job ended and the unit is not up */
    OUTCOME_REFUSED,   /* nothing was restarted */
    OUTCOME_UNKNOWN,   /* nobody knows */
};

struct outcome {
    enum outcome_kind kind;
    unsigned status;      /* HTTP's */
    int code;             /* of a refusal (common/refusal.h) or an XML-RPC fault; 0 otherwise */
    unsigned retry_after; /* seconds; 0: nothing is known */
    const char *allow;    /* the methods that a 405 names; NULL otherwise */
    const char *message;  /* the sentence for a person; in `owned`, or static */
    char *owned;
    xmlrpc_value *value; /* restarter.restart's struct; NULL for REFUSED and UNKNOWN */
};
void outcome_done(struct outcome *outcome);

/* A refusal with a static (or otherwise longer living) sentence. */
struct outcome outcome_refused(int code, const char *message);
/* The same with a status of its own in place of the code's. */
struct outcome outcome_refused_http(unsigned status, const char *message);

/* What a fault's code says of the unit: nothing was restarted, or nobody knows. */
enum outcome_kind outcome_kind_of_fault(int code);
/* What the broker's answer to restarter.restart means. */
struct outcome outcome_of_restart(const struct rpc_client_answer *answer);
/* What an answer without a methodResponse in it means: nobody there, nothing came back, or a refusal by HTTP.
 * `reading` calls change nothing, so that for them there is no unknown end. */
struct outcome outcome_of_transport(const struct rpc_client_answer *answer, bool reading);

/* The JSON for a program, the caller's to free; NULL when out of memory. */
char *outcome_to_json(const struct outcome *outcome, size_t *ret_size);
