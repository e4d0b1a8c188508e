/* From a request to the broker and back. */
#include "webfront/calls/calls.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/cleanup.h"
#include "common/clock.h"
#include "common/places.h"
#include "common/refusal.h"
#include "webfront/calls/admitted.h"
#include "webfront/requests/client.h"

enum { RETRY_SECONDS = 2 };

LIST_HEAD(call_list, call);
LIST_HEAD(multi_list, calls_multi);

struct calls {
    sd_event *event;
    struct calls_terms terms;
    struct flights *flights;
    struct call_list list;
    struct multi_list multis;
    unsigned n_restarts, n_reads, n_multis;
    unsigned n_parts; /* of n_reads */
    bool stopping;
    struct tally tally;
    struct admitted admitted;
};

int calls_new(sd_event *event, const struct calls_terms *terms, struct calls **ret)
{
    struct calls *calls = calloc(1, sizeof(*calls));
    int r;

    if (!calls)
        return -ENOMEM;
    r = flights_new(event, terms->broker_socket, terms->names, &calls->flights);
    if (r < 0) {
        free(calls);
        return r;
    }
    calls->event = sd_event_ref(event);
    calls->terms = *terms;
    LIST_INIT(&calls->list);
    LIST_INIT(&calls->multis);
    *ret = calls;
    return 0;
}

struct calls *calls_free(struct calls *calls)
{
    if (!calls)
        return NULL;
    assert(LIST_EMPTY(&calls->list));
    flights_free(calls->flights);
    sd_event_unref(calls->event);
    free(calls);
    return NULL;
}

unsigned calls_under_way(const struct calls *calls)
{
    return calls->n_restarts + calls->n_reads;
}

bool calls_stopping(const struct calls *calls)
{
    return calls->stopping;
}

/* --- places --- */

static unsigned *places_taken(struct calls *calls, unsigned verb)
{
    return verb != 0 ? &calls->n_restarts : &calls->n_reads;
}

/* Two ways to write an id should be one, as far as that is known here. Anything that is no id is taken as
 * well.
 */
static void name_unit(const struct wire_call *what, char ret[static UNIT_NAME_SIZE])
{
    const char *id = what->unit ? what->unit : "";
    struct unit_name name;
    bool is_name = unit_id_is_name(id) && unit_id_parse(id, &name) == 0;

    (void)snprintf(ret, UNIT_NAME_SIZE, "%s", is_name ? name.unit : id);
}

static unsigned count_same(const struct calls *calls, const struct wire_call *what)
{
    char unit[UNIT_NAME_SIZE];
    const struct call *call;
    unsigned n = 0;

    name_unit(what, unit);
    LIST_FOREACH(call, &calls->list, link)
        n += call->verb == what->method->verb && strcmp(call->unit, unit) == 0;
    return n;
}

void calls_note_admitted(struct calls *calls, const struct rpc_client_caller *caller)
{
    admitted_note(&calls->admitted, caller);
}

bool calls_has_admitted(const struct calls *calls, const struct rpc_client_caller *caller)
{
    return admitted_has(&calls->admitted, caller);
}

/* Whom a call is made for: the name that is vouched for, or the ticket, which nobody else has; all whose
 * tickets may be made up are one. (FNV-1a: who has found two that are alike shares with himself.) */
static uint64_t number_of(const struct calls *calls, const struct rpc_client_caller *caller)
{
    const char *proven = calls_has_admitted(calls, caller) ? caller->ticket : "";
    const char *text = caller->user ? caller->user : proven;
    uint64_t sum = UINT64_C(14695981039346656037);

    for (; text && *text; text++)
        sum = (sum ^ (uint8_t)*text) * UINT64_C(1099511628211);
    return text ? sum : 0;
}

/* Of the same person wait too many, be it for restarts or for reads: the others find a place. */
static bool is_own_share_full(const struct calls *calls, const struct rpc_client_caller *caller, bool reads)
{
    uint64_t who = number_of(calls, caller);
    const struct call *call;
    unsigned own = 0;

    if (who == 0)
        return false;
    LIST_FOREACH(call, &calls->list, link)
        own += call->who == who && (call->verb == 0) == reads;
    return places_full(reads ? calls->terms.reads : calls->terms.restarts,
                       reads ? calls->n_reads : calls->n_restarts, own);
}

bool calls_multi_begin(struct calls *calls, const struct rpc_client_caller *caller, struct calls_multi *multi)
{
    const struct calls_multi *other;
    unsigned own = 0;

    multi->who = number_of(calls, caller);
    LIST_FOREACH(other, &calls->multis, link)
        own += multi->who != 0 && other->who == multi->who;
    if (places_full(CALLS_MULTICALLS_MAX, calls->n_multis, own))
        return false;
    LIST_INSERT_HEAD(&calls->multis, multi, link);
    calls->n_multis++;
    return true;
}

void calls_multi_end(struct calls *calls, struct calls_multi *multi)
{
    LIST_REMOVE(multi, link);
    calls->n_multis--;
}

static struct outcome refuse_busy(const char *message)
{
    struct outcome outcome = outcome_refused(REFUSAL_BUSY, message);

    outcome.retry_after = RETRY_SECONDS;
    return outcome;
}

static struct outcome refuse_restart(const struct calls *calls, const struct wire_call *what)
{
    unsigned same = count_same(calls, what);
    struct outcome outcome;

    if (!places_full(calls->terms.restarts, calls->n_restarts, same))
        return (struct outcome){ 0 };
    outcome =
        refuse_busy("Nothing was restarted: too many others wait for a restart. Try again in a moment.");
    if (calls->n_restarts < calls->terms.restarts &&
        asprintf(&outcome.owned,
                 "Nothing was restarted: %u others wait for the very same restart. Try again in a moment.",
                 same) >= 0)
        outcome.message = outcome.owned;
    return outcome;
}

static struct outcome refuse_to_end(unsigned verb)
{
    struct outcome outcome = outcome_refused(
        REFUSAL_UNAVAILABLE,
        verb == 0 ? "The web front is about to end. Try again in a few seconds."
                  : "Nothing was restarted: the web front is about to end. Try again in a few seconds.");

    outcome.retry_after = RETRY_SECONDS;
    return outcome;
}

struct outcome calls_refuse(const struct calls *calls, const struct rpc_client_caller *caller,
                            const struct wire_call *what)
{
    bool reads = what->method->verb == 0;
    struct outcome outcome = { 0 };

    if (calls->stopping)
        outcome = refuse_to_end(what->method->verb);
    else if (!reads)
        outcome = refuse_restart(calls, what);
    else if (calls->n_reads >= calls->terms.reads)
        outcome = refuse_busy("Too many others wait for the same kind of answer. Try again in a moment.");
    if (!outcome.message && is_own_share_full(calls, caller, reads))
        outcome =
            refuse_busy(reads ? "Too many calls of yours wait already. Try again in a moment."
                              : "Nothing was restarted: too many calls of yours wait already. Try again in a "
                                "moment.");
    if (outcome.message && what->method->verb != 0)
        outcome_speak_of(&outcome, what->method->verb);
    return outcome;
}

struct outcome calls_refuse_part(const struct calls *calls, const struct rpc_client_caller *caller,
                                 const struct wire_call *what)
{
    struct outcome outcome = calls_refuse(calls, caller, what);

    if (!outcome.message && what->method->verb == 0 && calls->n_parts >= (calls->terms.reads + 1) / 2)
        outcome = refuse_busy("Too many others wait for several answers. Try again in a moment.");
    return outcome;
}

/* --- calls --- */

static bool is_reading_part(const struct call *call)
{
    return call->is_part && call->verb == 0;
}

static void leave(struct call *call)
{
    LIST_REMOVE(call, link);
    --*places_taken(call->calls, call->verb);
    call->calls->n_parts -= is_reading_part(call);
    call->tire = sd_event_source_disable_unref(call->tire);
}

static void call_free(struct call *call)
{
    if (call->ended)
        call->ended(call);
    free(call);
}

static bool is_counted(const struct call *call)
{
    return call->verb != 0 && call->calls->terms.machine;
}

static void finish(struct call *call, const struct rpc_client_answer *answer)
{
    if (is_counted(call))
        tally_answer(&call->calls->tally, answer);
    leave(call);
    call->answered(call, answer);
    call_free(call);
}

/* What was asked for goes on. */
static void turn_away(struct call *call)
{
    if (is_counted(call))
        tally_left(&call->calls->tally);
    call->flight = flight_free(call->flight);
    leave(call);
}

static int on_tired(_unused_ sd_event_source *source, _unused_ uint64_t usec, void *userdata)
{
    struct call *call = userdata;

    turn_away(call);
    call->tired(call);
    call_free(call);
    return 0;
}

/* Without the timer it waits for the answer. */
static void begin_to_tire(struct call *call)
{
    if (call->tired)
        (void)sd_event_add_time_relative(call->calls->event, &call->tire, CLOCK_MONOTONIC, call->tired_usec,
                                         0, on_tired, call);
}

/* The broker sees its connection close, and tells the journal what became of the restart. */
void calls_give_up(struct call *call)
{
    turn_away(call);
    call_free(call);
}

static void on_gone(void *userdata)
{
    struct call *call = userdata;
    struct http_request *request = call->request;

    calls_give_up(call);
    http_reply(request, 0, NULL);
}

static void on_done(const struct rpc_client_answer *answer, void *userdata)
{
    struct call *call = userdata;

    call->flight = NULL;
    finish(call, answer);
}

/* Encoded anew each time: twenty microseconds. */
int calls_send(struct calls *calls, const struct wire_call *what, const struct rpc_client_caller *caller,
               uint64_t timeout_usec, rpc_client_done done, void *userdata, struct flight **ret)
{
    return flights_send(calls->flights, what, caller, timeout_usec, done, userdata, ret);
}

const char *calls_machine(const struct calls *calls)
{
    return calls->terms.machine;
}

uint64_t calls_silent_usec(const struct calls *calls)
{
    return flights_silent_usec(calls->flights);
}

bool calls_has_asked(const struct calls *calls)
{
    return flights_has_begun(calls->flights);
}

const struct tally *calls_tally(const struct calls *calls)
{
    return &calls->tally;
}

void calls_start(struct calls *calls, struct call *call, struct http_request *request,
                 const struct rpc_client_caller *caller, const struct wire_call *what)
{
    struct rpc_client_caller from = *caller;
    uint64_t read_usec = call->patience_usec > 0 ? call->patience_usec : CALLS_READ_USEC;
    uint64_t timeout_usec = what->method->verb != 0 ? calls->terms.patience_usec : read_usec;
    char client[HTTP_ADDRESS_SIZE];
    int r;

    call->calls = calls;
    call->request = request;
    call->verb = what->method->verb;
    call->who = number_of(calls, caller);
    name_unit(what, call->unit);
    call->since_usec = clock_usec();
    LIST_INSERT_HEAD(&calls->list, call, link);
    ++*places_taken(calls, call->verb);
    calls->n_parts += is_reading_part(call);
    if (!call->is_part)
        http_request_on_gone(request, on_gone, call);
    begin_to_tire(call);
    if (!from.client)
        from.client = client_address(request, client);
    r = calls_send(calls, what, &from, timeout_usec, on_done, call, &call->flight);
    if (r < 0)
        finish(call, &(struct rpc_client_answer){ .result = RPC_CLIENT_NOT_SENT, .error = -r });
}

void calls_stop(struct calls *calls)
{
    struct call *call;

    calls->stopping = true;
    while ((call = LIST_FIRST(&calls->list))) {
        call->flight = flight_free(call->flight);
        finish(call, &(struct rpc_client_answer){ .result = RPC_CLIENT_UNKNOWN, .error = ECANCELED });
    }
}
