/* One call and its answer. The method's handler owns it, and answers now or later. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "broker/calls/peer.h"
#include "broker/calls/places.h"
#include "broker/jobs/target.h"
#include "broker/live/feed.h"
#include "broker/memory/press-record.h"
#include "broker/outcome/outcome.h"
#include "broker/outcome/sentence-login.h"
#include "common/http/http.h"
#include "common/journal.h"
#include "common/rpc/wire.h"
#include "common/rpc/wire-call.h"
#include "common/ticket.h"

#define REQUEST_MEDIA_TYPE "text/xml"

struct asks;
struct audit;
struct members;
struct jobs;
struct lister;
struct policy_in_force;
struct presses;
struct recents;
struct request;
struct statuses;
struct counters;
struct tickets;
struct watches;
struct web_in_force;

/* Where the answer to a call goes that is part of another one (method-multicall.h), in place of a connection.
 */
struct request_part {
    /* Takes the block over, after the request was freed; NULL: out of memory. */
    void (*answered)(struct request_part *part, xmlrpc_mem_block *block);
    void (*gone)(void *userdata); /* as request_on_gone() was told, or NULL: to be called once at most */
    void *userdata;
};

/* What methods work with: each takes the one or two that it needs. Wired once, before the first call. */
struct services {
    const char *machine; /* this one's host name; "": it has none */
    const struct policy_in_force *policy;
    const struct web_in_force *web; /* whether people who come by way of the web must log in */
    struct tickets *tickets;
    const struct members *members;
    struct jobs *jobs;
    struct presses *presses;
    struct statuses *statuses;
    struct lister *lister;
    struct watches *watches;
    struct asks *asks;       /* what the journal has */
    struct recents *recents; /* and what is known of that */
    struct audit *audit;
    const struct counters *counters;
    /* The way to a method: ends in its handler, or in a refusal. The call is needed until it returns. */
    void (*dispatch)(struct request *request, const struct wire_call *call);
};

/* What every call has. What a method keeps while it waits is the method's own. */
struct request {
    const struct services *services;
    const struct gate *gate;   /* by which it came in */
    struct places *places;     /* there */
    struct http_request *http; /* NULL: its caller has hung up, or it is a part */
    struct request_part *part; /* NULL: it is none */
    struct peer peer;
    struct person person;             /* who asks; owned, but for a part, whose is the whole's */
    enum login login;                 /* but for LOGIN_GOOD there is nothing to be had here */
    struct ticket ticket;             /* that he came with, without its person; `issued` is 0: with none */
    const struct wire_method *method; /* NULL: not known yet */
    struct place place;
    bool left; /* its caller has hung up; what it waits for is still told to the journal */
    uint64_t begin_usec;
    char reason[REASON_SIZE];       /* that was given with it; "": none */
    char asked[JOURNAL_ASKED_SIZE]; /* its parameter, cleaned, for the journal */
};

/* A call in that one, by the same caller, who is borrowed. NULL when out of memory. */
struct request *request_new_part(const struct request *whole, struct request_part *part);

/* The unit that an id means, which is noted for the journal. False when the policy does not cover it, or it
 * means none; *ret_outcome is the refusal then. */
bool request_target(struct request *request, const char *id, struct target *ret, struct outcome *ret_outcome);

/* The ticket that he came with, with its person in it, which is borrowed; `issued` is 0: with none. */
struct ticket request_ticket(const struct request *request);

/* Who asks, for the journal: "" when nobody is known. A uid without a name is "uid:1000". */
const char *request_user(const struct request *request);

/* The account that named him, where one of Fronts= did; NULL otherwise. */
const char *request_via(const struct request *request);

/* Who is counted as one, among those at this gate: all whom one account names are, so that it takes no more
 * places than another by making people up; NULL: root, and nobody in particular. */
const char *request_counted(const struct request *request);

/* Whose press it is that the call names. The web front's number is another one each time it is started. */
void request_press(const struct request *request, const struct wire_call *call, struct press_key *ret);

/* The sentence of an outcome, as this caller is told it: files, lines and what would open a lock are for
 * admins. The text is the outcome's, or stands in `buffer`. */
const char *request_sentence(const struct request *request, const struct outcome *outcome,
                             char buffer[static SENTENCE_SIZE]);

/* Who wants to know of changes. */
struct feed_reader request_reader(const struct request *request);

/* Each answers the call and frees the request, with its place. */
void request_answer(struct request *request, const struct wire_answer *answer, unsigned retry_after);
/* The same for a refusal that is told without a fault: a header has its code, for who has to know it. */
void request_answer_refused(struct request *request, const struct wire_answer *answer,
                            const struct outcome *outcome);
/* The response stays the caller's; NULL stands for out of memory. Not for a part, which is no response. */
void request_answer_shared(struct request *request, struct http_shared *response);
/* The bytes of an answer, which are taken over, for sharing; NULL, in and out: out of memory. */
struct MHD_Response *request_response(xmlrpc_mem_block *block);
void request_fault(struct request *request, int code, const char *text, unsigned retry_after);
void request_no_memory(struct request *request);
/* The refusal of the outcome, as a fault. */
void request_refuse(struct request *request, const struct outcome *outcome);

/* The bytes of an answer, which are taken over; NULL stands for out of memory. */
void request_answer_block(struct request *request, xmlrpc_mem_block *block);

/* Frees the request, which was answered at its connection. */
void request_drop(struct request *request);

/* From now until its answer: `gone` is called, once, when the caller has hung up. */
void request_on_gone(struct request *request, void (*gone)(void *userdata), void *userdata);

/* The caller has hung up: the connection is given back. */
void request_hang_up(struct request *request);

/* The same, and the place is given back as well, and the request waits on without them,
 * for its answer to be recorded. */
void request_leave(struct request *request);
