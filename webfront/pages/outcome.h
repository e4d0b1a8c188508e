/* What became of a request to restart something, however it ended: one shape for the page, the JSON and the
 * XML-RPC answer, made out of whatever the broker sent or failed to send. */
#pragma once

#include <stdbool.h>

#include "common/rpc/meaning.h"
#include "common/rpc/rpc-client.h"
#include "common/rpc/wire.h"

#define OUTCOME_LOOK_FIRST "It may or may not have been restarted: look at its state before you try again."

#define OUTCOME_BROKER_BROKE "The broker had a problem of its own with the request. " OUTCOME_LOOK_FIRST

enum { OUTCOME_TYPE_SIZE = 64 };

enum outcome_kind {
    OUTCOME_SUCCEEDED, /* the job ended and the unit is up */
    OUTCOME_FAILED,    /* the job ended and the unit is not up */
    OUTCOME_REFUSED,   /* nothing was restarted */
    OUTCOME_UNKNOWN,   /* nobody knows */
    OUTCOME_UNDER_WAY, /* its job is not over */
};

struct outcome {
    enum outcome_kind kind;
    unsigned verb;        /* that was asked for; 0: none, or nobody has read it */
    unsigned status;      /* HTTP's */
    int code;             /* of a refusal (common/refusal.h) or an XML-RPC fault; 0 otherwise */
    unsigned retry_after; /* seconds; 0: nothing is known */
    const char *allow;    /* the methods that a 405 names; NULL otherwise */
    const char *message;  /* the sentence for a person; in `owned` or `answer`, or static */
    char *owned;
    const char *id, *press;    /* what it was asked with, borrowed: NULL where it cannot be asked again */
    struct wire_answer answer; /* WIRE_RESTART, or WIRE_FAULT when the broker said so, or WIRE_NONE */
};
void outcome_done(struct outcome *outcome);

/* A refusal with a static (or otherwise longer living) sentence. */
struct outcome outcome_refused(int code, const char *message);
/* The same with a status of its own in place of the code's. */
struct outcome outcome_refused_http(unsigned status, const char *message);

/* That verb was asked for. The sentences here are of a restart; those that are not the broker's get its word.
 */
void outcome_speak_of(struct outcome *outcome, unsigned verb);

/* It was asked of that machine (NULL: of this one): the sentence begins with its name, unless it is that of a
 * job, and where nobody knows it says where the press is looked up. `press` may be "". */
void outcome_speak_of_machine(struct outcome *outcome, const char *machine, const char *press);

/* What the broker's answer to restarter.restart, or another verb's method, means. */
struct outcome outcome_of_restart(const struct rpc_client_answer *answer);
/* What its answer to restarter.outcome means: the press was made before, and is not undone by nobody being
 * there to ask. */
struct outcome outcome_of_press(const struct rpc_client_answer *answer);
/* The same while the broker cannot even be asked; 0: nobody knows for how many seconds. */
struct outcome outcome_of_press_unasked(unsigned retry_after);
/* What an answer without a methodResponse in it means: nobody there, nothing came back, or a refusal by HTTP.
 * `reading` calls change nothing, so that for them there is no unknown end. */
struct outcome outcome_of_transport(const struct rpc_client_answer *answer, bool reading);

/* A fault after which nobody knows, and which is none of the broker's own sentences for that: it has not
 * recorded it. */
bool outcome_is_odd_fault(int code);
/* The broker decided, and recorded it. Otherwise nobody has, or nobody knows. */
bool outcome_is_brokers(const struct outcome *outcome);
/* A job ran to its end, and `answer.restart` tells about it. */
bool outcome_has_job(const struct outcome *outcome);

/* What the broker's answer to a call that only reads means; `kind` is what was asked for, with which the
 * outcome has succeeded. */
struct outcome outcome_of_read(enum wire_kind kind, const struct rpc_client_answer *answer);

/* For a program. The strings stay the outcome's. */
struct wire_answer outcome_to_wire(const struct outcome *outcome);
/* The same at /api, where what is no answer is a problem (RFC 9457). Its type is a place in the document that
 * GET /api gives, or, where HTTP's own status says all, "about:blank". */
struct wire_answer outcome_to_problem(const struct outcome *outcome, char type[static OUTCOME_TYPE_SIZE]);
