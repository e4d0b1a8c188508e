/* To another machine a call is written down first, since who asks may have to be looked up before it goes. */
#include "webfront/calls/flights.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "common/cleanup.h"
#include "common/clock.h"
#include "common/refusal.h"
#include "common/rpc/rpc-kept.h"
#include "common/rpc/wire.h"
#include "webfront/requests/caller-key.h"

enum {
    FAULT_SIZE_MAX = 8 * 1024, /* of an answer that may be a fault */
    UNAUTHORIZED = 401,
};

struct flights {
    sd_event *event;
    const char *socket;
    struct names *names;    /* NULL: the broker of this machine */
    struct rpc_kept *kept;  /* NULL: likewise */
    uint64_t answered_usec; /* the last time; or when it was first asked */
    bool silent;
};

struct flight {
    struct flights *flights;
    xmlrpc_mem_block *body;
    bool reads;
    uint64_t timeout_usec;
    char *client; /* where who asks sits */
    struct names_wait *wait;
    struct rpc_client_call *rpc;
    sd_event_source *failed; /* to be told of */
    int error;
    bool beginning; /* nobody is told anything from within flights_send() */
    rpc_client_done done;
    void *userdata;
};

struct flight *flight_free(struct flight *flight)
{
    if (!flight)
        return NULL;
    names_wait_free(flight->wait);
    rpc_client_call_free(flight->rpc);
    sd_event_source_disable_unref(flight->failed);
    rpc_block_free(flight->body);
    free(flight->client);
    free(flight);
    return NULL;
}

DEFINE_CLEANUP(struct flight *, flight_free);

static void finish(struct flight *flight, const struct rpc_client_answer *answer)
{
    flight->done(answer, flight->userdata);
    flight_free(flight);
}

/* --- what comes back --- */

static bool says_log_in(const struct rpc_client_answer *answer)
{
    _cleanup_(wire_answer_done) struct wire_answer wire = { 0 };

    return answer->result == RPC_CLIENT_ANSWERED && answer->size <= FAULT_SIZE_MAX &&
           wire_answer_parse(WIRE_DONE, answer->body, answer->size, &wire) == 0 && wire.kind == WIRE_FAULT &&
           wire.fault.code == REFUSAL_LOGIN;
}

/* What is at the socket says so itself when it could not reach the machine: 502, 503 and 504 are no answer of
 * the machine's. */
static bool is_answer(const struct rpc_client_answer *answer)
{
    return answer->result == RPC_CLIENT_ANSWERED ||
           (answer->result == RPC_CLIENT_REFUSED && answer->status < 500);
}

static void note(struct flights *flights, const struct rpc_client_answer *answer)
{
    flights->silent = !is_answer(answer);
    if (!flights->silent)
        flights->answered_usec = clock_usec();
}

/* Who reads this page is logged in, or need not be: nobody is sent to a login by another machine. */
static void on_answer(const struct rpc_client_answer *answer, void *userdata)
{
    static const char NO_NAME[] = "it wants a login. Does its policy name the account of this front, as "
                                  "Fronts=ACCOUNT?";
    struct rpc_client_answer mine = *answer;
    struct flight *flight = userdata;

    flight->rpc = NULL;
    note(flight->flights, answer);
    if (flight->flights->names && says_log_in(answer))
        mine = (struct rpc_client_answer){
            .result = RPC_CLIENT_REFUSED, .status = UNAUTHORIZED, .body = NO_NAME, .size = sizeof(NO_NAME) - 1
        };
    if (flight->flights->names && mine.refusal == REFUSAL_LOGIN)
        mine.refusal = 0;
    finish(flight, &mine);
}

/* --- the way there --- */

static int take_off(struct flight *flight, const struct rpc_client_caller *caller)
{
    struct flights *flights = flight->flights;
    const struct rpc_client_request request = {
        .socket_path = flights->socket,
        .caller = *caller,
        .body = XMLRPC_MEMBLOCK_CONTENTS(char, flight->body),
        .size = XMLRPC_MEMBLOCK_SIZE(char, flight->body),
        .timeout_usec = flight->timeout_usec,
    };

    if (flights->kept)
        return rpc_kept_call(flights->kept, &request, flight->reads, on_answer, flight, &flight->rpc);
    return rpc_client_call(flights->event, &request, on_answer, flight, &flight->rpc);
}

static int on_failed(_unused_ sd_event_source *source, void *userdata)
{
    struct flight *flight = userdata;

    finish(flight, &(struct rpc_client_answer){ .result = RPC_CLIENT_NOT_SENT, .error = flight->error });
    return 0;
}

/* In the beginning, that failed as a whole. */
static void fail_later(struct flight *flight, int error)
{
    flight->error = error;
    if (!flight->beginning &&
        sd_event_add_defer(flight->flights->event, &flight->failed, on_failed, flight) < 0)
        finish(flight, &(struct rpc_client_answer){ .result = RPC_CLIENT_NOT_SENT, .error = error });
}

/* With where he sits, which is that front's to say, too. */
static void on_named(const struct rpc_client_caller *named, const struct rpc_client_answer *answer,
                     void *userdata)
{
    struct flight *flight = userdata;
    struct rpc_client_caller caller = { .client = flight->client };
    int r;

    flight->wait = NULL;
    if (!named) {
        finish(flight, answer);
        return;
    }
    caller.user = named->user;
    caller.groups = named->groups;
    r = take_off(flight, &caller);
    if (r < 0)
        fail_later(flight, -r);
}

/* Nobody is named where nobody logs in: whoever asks is the account there. */
static int set_off(struct flight *flight, const struct rpc_client_caller *caller)
{
    static const struct rpc_client_caller NOBODY = { 0 };
    struct flights *flights = flight->flights;
    int r;

    if (!flights->names)
        return take_off(flight, caller);
    if (caller_is_nobody(caller))
        return take_off(flight, &NOBODY);
    flight->client = caller->client ? strdup(caller->client) : NULL;
    r = names_ask(flights->names, caller, on_named, flight, &flight->wait);
    return r == 0 ? -flight->error : r;
}

int flights_send(struct flights *flights, const struct wire_call *what,
                 const struct rpc_client_caller *caller, uint64_t timeout_usec, rpc_client_done done,
                 void *userdata, struct flight **ret)
{
    _cleanup_(flight_freep) struct flight *flight = calloc(1, sizeof(*flight));
    int r;

    if (!flight)
        return -ENOMEM;
    flight->body = wire_call_encode(what);
    if (!flight->body)
        return -ENOMEM;
    flight->flights = flights;
    flight->reads = what->method->verb == 0;
    flight->timeout_usec = timeout_usec;
    flight->done = done;
    flight->userdata = userdata;
    if (flights->answered_usec == 0)
        flights->answered_usec = clock_usec();
    flight->beginning = true;
    r = set_off(flight, caller);
    flight->beginning = false;
    if (r < 0)
        return r;
    *ret = TAKE_PTR(flight);
    return 0;
}

uint64_t flights_silent_usec(const struct flights *flights)
{
    return flights->silent ? clock_usec() - flights->answered_usec + 1 : 0;
}

bool flights_has_begun(const struct flights *flights)
{
    return flights->answered_usec > 0;
}

/* --- life --- */

DEFINE_CLEANUP(struct flights *, flights_free);

int flights_new(sd_event *event, const char *socket, struct names *names, struct flights **ret)
{
    _cleanup_(flights_freep) struct flights *flights = calloc(1, sizeof(*flights));
    int r = 0;

    if (!flights)
        return -ENOMEM;
    flights->event = sd_event_ref(event);
    flights->socket = socket;
    flights->names = names;
    if (names)
        r = rpc_kept_new(event, socket, &flights->kept);
    if (r < 0)
        return r;
    *ret = TAKE_PTR(flights);
    return 0;
}

struct flights *flights_free(struct flights *flights)
{
    if (!flights)
        return NULL;
    rpc_kept_free(flights->kept);
    sd_event_unref(flights->event);
    free(flights);
    return NULL;
}
