/* Calls to a broker. Those that a request waits for are bounded in
 * number, restarts and reads apart and each person's apart from the others', and each is answered exactly
 * once, whatever happens. A call whose client has left is given up, and its place is free: what was asked for
 * goes on. */
#pragma once

#include <stdbool.h>
#include <sys/queue.h>
#include <systemd/sd-event.h>

#include "common/http/http.h"
#include "common/rpc/rpc-client.h"
#include "common/rpc/wire-call.h"
#include "common/unit-name.h"
#include "webfront/calls/flights.h"
#include "webfront/calls/tally.h"
#include "webfront/pages/outcome.h"

enum {
    CALLS_READ_USEC = 2 * 1000 * 1000, /* for whatever only reads */
    /* For what the journal is searched for: that takes its time, and the broker has a limit of its own for
       it. */
    CALLS_JOURNAL_USEC = 8 * 1000 * 1000,
};

struct calls;

enum { CALLS_MULTICALLS_MAX = 24 };

struct calls_terms {
    const char *broker_socket; /* the caller's, for as long as the calls live; so are the names */
    const char *machine;       /* its name; NULL: this one */
    struct names *names;       /* it is another machine's (flights.h); NULL: this one's */
    uint64_t patience_usec;    /* for a call that may restart something */
    unsigned restarts, reads;  /* places: how many may wait at once */
};

/* Embedded as the first member of what a request needs to remember, which is from calloc(). The caller sets
 * `answered`, which answers the request; the rest is the module's. */
struct call {
    LIST_ENTRY(call) link;
    struct calls *calls;
    struct http_request *request;
    unsigned verb;             /* of common/verb.h; 0: it only reads */
    char unit[UNIT_NAME_SIZE]; /* which unit it means, as far as that is known here */
    uint64_t who;              /* a number for whom it is made; 0: for nobody in particular */
    struct flight *flight;
    uint64_t since_usec;
    void (*answered)(struct call *call, const struct rpc_client_answer *answer);
    uint64_t patience_usec; /* for a call that reads; 0: CALLS_READ_USEC */
    bool is_part;           /* of a system.multicall, which sees to it when its client leaves */
    /* After tired_usec without an answer, in place of `answered`: answers the request as well, and what was
     * asked for goes on without it. NULL: it waits as long as the call does. */
    void (*tired)(struct call *call);
    uint64_t tired_usec;
    sd_event_source *tire;
    /* Frees what the caller keeps behind it, before it is freed itself; NULL: nothing. */
    void (*ended)(struct call *call);
};

/* 0 or a negative errno. */
int calls_new(sd_event *event, const struct calls_terms *terms, struct calls **ret);
/* After calls_stop(). Takes NULL. Returns NULL. */
struct calls *calls_free(struct calls *calls);

/* Why a call for that, made for them, cannot be made now; no message when it can. It speaks of the verb. To
 * be freed with outcome_done(). */
struct outcome calls_refuse(const struct calls *calls, const struct rpc_client_caller *caller,
                            const struct wire_call *what);
/* The same for one that is a part: those of all take half of the places for reads at most, so that whoever
 * asks one thing finds one. */
struct outcome calls_refuse_part(const struct calls *calls, const struct rpc_client_caller *caller,
                                 const struct wire_call *what);

/* Sends `what` for the request, and says for whom; without a `client` in it, for who sits where the request
 * comes from. The call, and the struct that it begins, belong to the module from here on:
 * it frees them after `answered`, which may come at once, or when the client has left. */
void calls_start(struct calls *calls, struct call *call, struct http_request *request,
                 const struct rpc_client_caller *caller, const struct wire_call *what);

/* Gives up on one that was started as a part: `answered` is not called. */
void calls_give_up(struct call *call);

/* A system.multicall that waits for its calls. */
struct calls_multi {
    LIST_ENTRY(calls_multi) link;
    uint64_t who;
};
/* False when too many wait already, of that person's or at all. */
bool calls_multi_begin(struct calls *calls, const struct rpc_client_caller *caller,
                       struct calls_multi *multi);
void calls_multi_end(struct calls *calls, struct calls_multi *multi);

/* Sends `what` for that caller: it takes no place, and is who asks's. Otherwise as flights_send(). */
int calls_send(struct calls *calls, const struct wire_call *what, const struct rpc_client_caller *caller,
               uint64_t timeout_usec, rpc_client_done done, void *userdata, struct flight **ret);

/* The ticket is good: the broker has said so, or the login has made it a moment ago. From now on who has it
 * is a person of his own where places are shared, and until then one with all whose tickets may be made up.
 */
void calls_note_admitted(struct calls *calls, const struct rpc_client_caller *caller);
bool calls_has_admitted(const struct calls *calls, const struct rpc_client_caller *caller);

/* Whose broker that is; NULL: this machine's. */
const char *calls_machine(const struct calls *calls);
/* As flights_silent_usec(): for how long the broker has not answered. */
uint64_t calls_silent_usec(const struct calls *calls);
/* Whether it was asked anything yet. */
bool calls_has_asked(const struct calls *calls);
/* What became of the restarts, and other verbs, that were sent there; of another machine's only. */
const struct tally *calls_tally(const struct calls *calls);

/* Gives up on all that were started: each is answered as one whose outcome is unknown. No further ones are
 * made. */
void calls_stop(struct calls *calls);
bool calls_stopping(const struct calls *calls);

/* Started, and not answered yet. */
unsigned calls_under_way(const struct calls *calls);
