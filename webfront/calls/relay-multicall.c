/* Answers are kept as bytes until the last one has come. */
#include "webfront/calls/relay-multicall.h"

#include <stdlib.h>
#include <string.h>

#include "common/cleanup.h"
#include "common/refusal.h"
#include "common/rpc/wire-gathered.h"
#include "common/turn.h"
#include "webfront/calls/answer.h"
#include "webfront/calls/caller.h"
#include "webfront/calls/fars.h"
#include "webfront/calls/gate.h"
#include "webfront/calls/list-cache.h"
#include "webfront/calls/list-rpc.h"
#include "webfront/calls/programs.h"
#include "webfront/requests/accept.h"

struct part {
    struct relay_multicall *multicall;
    struct call *call;          /* to the broker, which it waits for; NULL: none */
    const struct parts *listed; /* whose list it waits for */
    bool reads;                 /* is one of n_reads */
};

struct relay_multicall {
    struct calls_multi multi;
    struct parts *parts;
    struct http_request *request; /* NULL: its client has left */
    struct caller caller;
    struct wire_call call; /* the calls */
    relay_begin begin;
    size_t next; /* to begin */
    unsigned n_reads, n_lists;
    bool beginning;
    sd_event_source *turn; /* in which it goes on after a list */
    struct wire_gathered answers;
    size_t n_login;  /* were refused because nobody is logged in */
    unsigned n_held; /* calls that are under way, and whoever walks over them */
    struct part items[WIRE_PARTS_MAX];
};

/* Only where nothing at all was done for want of a login is that the answer to the request, or a reason to
 * handle it once more. */
static void reply(struct relay_multicall *m)
{
    bool login = m->n_login > 0 && m->n_login == m->answers.n;
    struct MHD_Response *response;

    if (login && programs_ask_again(m->parts, m->request, accept_of(m->request, FORMAT_TEXT)))
        return;
    response = answer_new_rpc_block(wire_gathered_encode(&m->answers));
    if (login)
        gate_ask(&response, m->request);
    http_reply(m->request, login ? MHD_HTTP_UNAUTHORIZED : MHD_HTTP_OK, response);
}

static void multicall_free(struct relay_multicall *m)
{
    sd_event_source_disable_unref(m->turn);
    wire_gathered_done(&m->answers);
    wire_call_done(&m->call);
    explicit_bzero(&m->caller, sizeof(m->caller));
    free(m);
}

static void let_go(struct relay_multicall *m)
{
    if (--m->n_held > 0)
        return;
    if (m->request) {
        http_request_on_gone(m->request, NULL, NULL);
        calls_multi_end(m->parts->calls, &m->multi);
        reply(m);
    }
    multicall_free(m);
}

/* --- one after the other --- */

/* It is asked for once for all who want it, and takes a place among those who wait for it. */
static bool is_list(const struct wire_part *part)
{
    return part->fault == 0 && part->call.method->answer == WIRE_LIST;
}

static bool takes_place_of_reads(const struct wire_part *part)
{
    return part->fault == 0 && part->call.method->verb == 0 && !is_list(part);
}

static bool finds_place(const struct relay_multicall *m, const struct wire_call *call)
{
    const struct parts *there = fars_choose(m->parts, call->machine);
    _cleanup_(outcome_done) struct outcome full = { 0 };

    if (there)
        full = calls_refuse_part(there->calls, &m->caller.rpc, call);
    return !full.message;
}

/* While a question of its own is on its way, whose end it is told of, the next one may wait for a place. */
static bool has_to_wait(const struct relay_multicall *m, const struct wire_part *part)
{
    if (is_list(part))
        return m->n_lists >= RELAY_LISTS_MAX;
    return takes_place_of_reads(part) && m->n_reads > 0 &&
           (m->n_reads >= RELAY_READS_MAX || !finds_place(m, &part->call));
}

/* Some are answered at once: what they let go on is gone on with here. */
static void go_on(struct relay_multicall *m)
{
    if (m->beginning)
        return;
    m->beginning = true;
    while (m->next < m->call.n_parts && !has_to_wait(m, &m->call.parts[m->next])) {
        size_t i = m->next++;

        m->begin(m->parts, m->request, m, i, &m->caller.rpc, &m->call.parts[i]);
    }
    m->beginning = false;
}

static int on_turn(_unused_ sd_event_source *source, _unused_ uint64_t usec, void *userdata)
{
    struct relay_multicall *m = userdata;

    m->n_held++;
    go_on(m);
    let_go(m);
    return 0;
}

static void note_end(struct relay_multicall *m, size_t i)
{
    m->items[i].call = NULL;
    m->n_reads -= m->items[i].reads;
    m->items[i].reads = false;
}

/* Whatever waits for the list is told yet, and tells nobody; it has no place any more. */
static void on_gone(void *userdata)
{
    struct relay_multicall *m = userdata;

    m->n_held = m->n_held + 1 - (unsigned)(m->call.n_parts - m->next);
    m->next = m->call.n_parts;
    for (size_t i = 0; i < m->answers.n; i++) {
        struct call *call = m->items[i].call;

        note_end(m, i);
        if (call) {
            calls_give_up(call);
            m->n_held--;
        }
    }
    http_reply(m->request, 0, NULL);
    m->request = NULL;
    calls_multi_end(m->parts->calls, &m->multi);
    let_go(m);
}

bool relay_multicall_start(struct parts *parts, struct http_request *request,
                           const struct rpc_client_caller *caller, struct wire_call *call, relay_begin begin)
{
    struct relay_multicall *m = calloc(1, sizeof(*m));

    if (!m || turn_new(parts->event, on_turn, m, &m->turn) < 0 ||
        !calls_multi_begin(parts->calls, caller, &m->multi)) {
        if (m)
            sd_event_source_disable_unref(m->turn);
        free(m);
        return false;
    }
    m->parts = parts;
    m->request = request;
    caller_keep(&m->caller, caller);
    m->call = *call;
    *call = (struct wire_call){ 0 };
    m->begin = begin;
    m->answers.n = m->call.n_parts;
    m->n_held = (unsigned)m->answers.n + 1;
    for (size_t i = 0; i < m->answers.n; i++)
        m->items[i].multicall = m;
    http_request_on_gone(request, on_gone, m);
    go_on(m);
    let_go(m);
    return true;
}

static void note_answer(struct relay_multicall *m, size_t i, const struct wire_answer *answer, int refusal)
{
    note_end(m, i);
    m->n_login += refusal == REFUSAL_LOGIN;
    wire_gather(&m->answers, i, wire_answer_encode(answer));
}

void relay_multicall_answer(struct relay_multicall *m, size_t i, const struct wire_answer *answer,
                            int refusal)
{
    note_answer(m, i, answer, refusal);
    go_on(m);
    let_go(m);
}

void relay_multicall_wait(struct relay_multicall *m, size_t i, struct call *call)
{
    m->items[i].call = call;
    m->items[i].reads = takes_place_of_reads(&m->call.parts[i]);
    m->n_reads += m->items[i].reads;
}

/* It may be long, and takes its time to be written: not for nothing. */
static void note_list(struct part *part, struct list_snapshot *snapshot)
{
    struct relay_multicall *m = part->multicall;
    size_t i = (size_t)(part - m->items);
    struct wire_answer fault = { .kind = WIRE_FAULT };
    _cleanup_(freep) char *message = NULL;

    fault.fault = list_rpc_fault(part->listed, snapshot, &message);
    if (!snapshot->problem.message && wire_gathered_full(&m->answers))
        wire_gather_too_long(&m->answers, i);
    else
        note_answer(m, i, snapshot->problem.message ? &fault : &snapshot->answer, snapshot->problem.code);
}

/* Others are still to be told of the same list: nobody asks for one meanwhile. */
static void on_list(struct list_snapshot *snapshot, _unused_ struct http_request *request, void *userdata)
{
    struct part *part = userdata;
    struct relay_multicall *m = part->multicall;

    m->n_lists--;
    if (m->request) {
        note_list(part, snapshot);
        turn_take(m->turn);
    }
    let_go(m);
}

bool relay_multicall_list(struct relay_multicall *m, size_t i, struct parts *there,
                          const struct rpc_client_caller *caller, const struct wire_list_options *part)
{
    bool waits;

    m->items[i].listed = there;
    m->n_lists++;
    waits = list_cache_get(there->list, caller, part, on_list, m->request, &m->items[i]) == 0;
    m->n_lists -= !waits;
    return waits;
}
