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

enum { RETRY_SECONDS = 2 };

LIST_HEAD(call_list, call);

struct calls {
    sd_event *event;
    struct calls_terms terms;
    struct call_list list;
    unsigned n_restarts, n_reads;
    bool stopping;
};

int calls_new(sd_event *event, const struct calls_terms *terms, struct calls **ret)
{
    struct calls *calls = calloc(1, sizeof(*calls));

    if (!calls)
        return -ENOMEM;
    calls->event = sd_event_ref(event);
    calls->terms = *terms;
    LIST_INIT(&calls->list);
    *ret = calls;
    return 0;
}

struct calls *calls_free(struct calls *calls)
{
    if (!calls)
        return NULL;
    assert(LIST_EMPTY(&calls->list));
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

struct outcome calls_refuse(const struct calls *calls, const struct wire_call *what)
{
    struct outcome outcome = { 0 };

    if (calls->stopping)
        outcome = refuse_to_end(what->method->verb);
    else if (what->method->verb != 0)
        outcome = refuse_restart(calls, what);
    else if (calls->n_reads >= calls->terms.reads)
        outcome = refuse_busy("Too many others wait for the same kind of answer. Try again in a moment.");
    if (outcome.message && what->method->verb != 0)
        outcome_speak_of(&outcome, what->method->verb);
    return outcome;
}

/* --- calls --- */

static void leave(struct call *call)
{
    LIST_REMOVE(call, link);
    --*places_taken(call->calls, call->verb);
}

static void finish(struct call *call, const struct rpc_client_answer *answer)
{
    leave(call);
    call->answered(call, answer);
    free(call);
}

/* The broker sees its connection close, and tells the journal what became of the restart. */
static void on_gone(void *userdata)
{
    struct call *call = userdata;

    call->rpc = rpc_client_call_free(call->rpc);
    leave(call);
    http_reply(call->request, 0, NULL);
    free(call);
}

static void on_done(const struct rpc_client_answer *answer, void *userdata)
{
    struct call *call = userdata;

    call->rpc = NULL;
    finish(call, answer);
}

/* Encoded anew each time: twenty microseconds. */
int calls_send(struct calls *calls, const struct wire_call *what, const char *client, uint64_t timeout_usec,
               rpc_client_done done, void *userdata, struct rpc_client_call **ret)
{
    xmlrpc_mem_block *body = wire_call_encode(what);
    struct rpc_client_request request = {
        .socket_path = calls->terms.broker_socket,
        .client = client,
        .timeout_usec = timeout_usec,
    };
    int r = -ENOMEM;

    if (body) {
        request.body = XMLRPC_MEMBLOCK_CONTENTS(char, body);
        request.size = XMLRPC_MEMBLOCK_SIZE(char, body);
        r = rpc_client_call(calls->event, &request, done, userdata, ret);
    }
    rpc_block_free(body);
    return r;
}

void calls_start(struct calls *calls, struct call *call, struct http_request *request,
                 const struct wire_call *what)
{
    uint64_t timeout_usec = what->method->verb != 0 ? calls->terms.patience_usec : CALLS_READ_USEC;
    char client[HTTP_ADDRESS_SIZE];
    int r;

    call->calls = calls;
    call->request = request;
    call->verb = what->method->verb;
    name_unit(what, call->unit);
    call->since_usec = clock_usec();
    LIST_INSERT_HEAD(&calls->list, call, link);
    ++*places_taken(calls, call->verb);
    http_request_on_gone(request, on_gone, call);
    r = calls_send(calls, what, http_request_address(request, client), timeout_usec, on_done, call,
                   &call->rpc);
    if (r < 0)
        finish(call, &(struct rpc_client_answer){ .result = RPC_CLIENT_NOT_SENT, .error = -r });
}

void calls_stop(struct calls *calls)
{
    struct call *call;

    calls->stopping = true;
    while ((call = LIST_FIRST(&calls->list))) {
        call->rpc = rpc_client_call_free(call->rpc);
        finish(call, &(struct rpc_client_answer){ .result = RPC_CLIENT_UNKNOWN, .error = ECANCELED });
    }
}
