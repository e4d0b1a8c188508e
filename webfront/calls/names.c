/* restarter.allowed is asked for as whoever asks here: its answer is the broker's word that ticket or name
 * are good, and what the ticket says of itself is true then. */
#include "webfront/calls/names.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "common/cleanup.h"
#include "common/clock.h"
#include "common/rpc/wire-call.h"
#include "common/rpc/wire.h"
#include "common/ticket.h"
#include "webfront/calls/caller.h"
#include "webfront/requests/caller-key.h"

enum { ASK_USEC = 2 * 1000 * 1000 };

struct kept {
    uint8_t key[CALLER_KEY_SIZE];
    struct caller named;
    uint64_t since_usec;
};

struct names {
    sd_event *event;
    const char *broker_socket;
    struct kept kept[NAMES_KEPT_MAX];
    size_t n; /* that were ever kept */
    unsigned drops;
};

struct names_wait {
    struct names *names;
    struct caller caller; /* who asks, as the broker is told it */
    unsigned drops;       /* when it began */
    struct rpc_client_call *rpc;
    names_done done;
    void *userdata;
};

static const struct kept *find(const struct names *names, const struct rpc_client_caller *caller)
{
    uint64_t now_usec = clock_usec();
    uint8_t key[CALLER_KEY_SIZE];

    caller_key(caller, key);
    for (size_t i = 0; i < NAMES_KEPT_MAX && i < names->n; i++)
        if (memcmp(names->kept[i].key, key, sizeof(key)) == 0 &&
            now_usec - names->kept[i].since_usec < NAMES_FRESH_USEC)
            return &names->kept[i];
    return NULL;
}

/* Unless somebody signed out meanwhile: that may have been this one. */
static void keep(struct names *names, const struct names_wait *wait, const struct caller *named)
{
    struct kept *kept = &names->kept[names->n % NAMES_KEPT_MAX];

    if (wait->drops != names->drops)
        return;
    names->n++;
    caller_key(&wait->caller.rpc, kept->key);
    caller_keep(&kept->named, &named->rpc);
    kept->since_usec = clock_usec();
}

/* What a ticket says, and the broker too. */
static bool read_ticket(const char *text, const char *user, struct caller *ret)
{
    _cleanup_(ticket_done) struct ticket ticket = { .issued = 0 };

    if (ticket_look(text, &ticket) != TICKET_GOOD || !user || strcmp(ticket.person.name, user) != 0)
        return false;
    caller_tell(&ticket.person, ret);
    return true;
}

/* The broker's answer confirms who it is. */
static bool is_confirmed(const struct names_wait *wait, const struct rpc_client_answer *answer,
                         struct caller *ret)
{
    _cleanup_(wire_answer_done) struct wire_answer wire = { 0 };
    const struct rpc_client_caller *caller = &wait->caller.rpc;

    if (answer->result != RPC_CLIENT_ANSWERED ||
        wire_answer_parse(WIRE_ALLOWED, answer->body, answer->size, &wire) != 0 || wire.kind != WIRE_ALLOWED)
        return false;
    if (caller->ticket)
        return read_ticket(caller->ticket, wire.allowed.user, ret);
    caller_keep(ret, caller);
    return caller->user;
}

static bool is_fault(const struct rpc_client_answer *answer)
{
    _cleanup_(wire_answer_done) struct wire_answer wire = { 0 };

    return answer->result == RPC_CLIENT_ANSWERED &&
           wire_answer_parse(WIRE_ALLOWED, answer->body, answer->size, &wire) == 0 && wire.kind == WIRE_FAULT;
}

/* A fault is the broker's own word, that nobody is logged in for instance, and is handed on. Whatever else
 * became of the question, of what was to be asked elsewhere nothing was sent. */
static void on_answer(const struct rpc_client_answer *answer, void *userdata)
{
    struct names_wait *wait = userdata;
    struct rpc_client_answer not_sent = { .result = RPC_CLIENT_NOT_SENT, .error = answer->error };
    struct caller named = { 0 };

    wait->rpc = NULL;
    if (is_confirmed(wait, answer, &named)) {
        keep(wait->names, wait, &named);
        wait->done(&named.rpc, NULL, wait->userdata);
    } else {
        wait->done(NULL, is_fault(answer) ? answer : &not_sent, wait->userdata);
    }
    names_wait_free(wait);
}

static int send_question(struct names_wait *wait)
{
    const struct wire_call what = { .method = &WIRE_METHODS[WIRE_METHOD_ALLOWED] };
    xmlrpc_mem_block *body = wire_call_encode(&what);
    struct rpc_client_request request = {
        .socket_path = wait->names->broker_socket,
        .caller = wait->caller.rpc,
        .timeout_usec = ASK_USEC,
    };
    int r = -ENOMEM;

    if (body) {
        request.body = XMLRPC_MEMBLOCK_CONTENTS(char, body);
        request.size = XMLRPC_MEMBLOCK_SIZE(char, body);
        r = rpc_client_call(wait->names->event, &request, on_answer, wait, &wait->rpc);
    }
    rpc_block_free(body);
    return r;
}

DEFINE_CLEANUP(struct names_wait *, names_wait_free);

int names_ask(struct names *names, const struct rpc_client_caller *caller, names_done done, void *userdata,
              struct names_wait **ret)
{
    _cleanup_(names_wait_freep) struct names_wait *wait = NULL;
    const struct kept *kept = find(names, caller);
    int r;

    if (kept) {
        *ret = NULL;
        done(&kept->named.rpc, NULL, userdata);
        return 0;
    }
    wait = calloc(1, sizeof(*wait));
    if (!wait)
        return -ENOMEM;
    wait->names = names;
    wait->drops = names->drops;
    wait->done = done;
    wait->userdata = userdata;
    caller_keep(&wait->caller, caller);
    r = send_question(wait);
    if (r < 0)
        return r;
    *ret = TAKE_PTR(wait);
    return 0;
}

struct names_wait *names_wait_free(struct names_wait *wait)
{
    if (!wait)
        return NULL;
    rpc_client_call_free(wait->rpc);
    explicit_bzero(wait, sizeof(*wait));
    free(wait);
    return NULL;
}

void names_drop(struct names *names)
{
    names->n = 0;
    names->drops++;
}

int names_new(sd_event *event, const char *broker_socket, struct names **ret)
{
    struct names *names = calloc(1, sizeof(*names));

    if (!names)
        return -ENOMEM;
    names->event = sd_event_ref(event);
    names->broker_socket = broker_socket;
    *ret = names;
    return 0;
}

struct names *names_free(struct names *names)
{
    if (!names)
        return NULL;
    sd_event_unref(names->event);
    free(names);
    return NULL;
}
