/* A request for each of the calls, whose answers are gathered. */
#include "broker/calls/method-multicall.h"

#include <stdlib.h>

#include "broker/calls/request.h"
#include "broker/calls/tickets.h"
#include "common/rpc/wire-gathered.h"

struct part {
    struct request_part way; /* first, so that it is found by it */
    struct multicall *multicall;
};

struct multicall {
    struct request *request;
    struct wire_gathered answers;
    unsigned n_held; /* calls that are under way, and whoever walks over them */
    struct part parts[WIRE_PARTS_MAX];
};

static void let_go(struct multicall *multicall)
{
    if (--multicall->n_held > 0)
        return;
    if (multicall->request->http)
        request_answer_block(multicall->request, wire_gathered_encode(&multicall->answers));
    else
        request_drop(multicall->request);
    wire_gathered_done(&multicall->answers);
    free(multicall);
}

static void on_answered(struct request_part *way, xmlrpc_mem_block *block)
{
    struct part *part = (struct part *)way;
    struct multicall *multicall = part->multicall;

    way->gone = NULL;
    wire_gather(&multicall->answers, (size_t)(part - multicall->parts), block);
    let_go(multicall);
}

/* Each of those who wait goes as if he had come by himself. The place is kept, as is what was answered. */
static void on_gone(void *userdata)
{
    struct multicall *multicall = userdata;

    request_hang_up(multicall->request);
    multicall->n_held++;
    for (size_t i = 0; i < multicall->answers.n; i++)
        if (multicall->parts[i].way.gone)
            multicall->parts[i].way.gone(multicall->parts[i].way.userdata);
    let_go(multicall);
}

/* He may have signed out by a call before this one. */
static enum login login_now(const struct request *request)
{
    const struct ticket ticket = request_ticket(request);

    return ticket.issued > 0 ? (enum login)tickets_judge(request->services->tickets, &ticket)
                             : request->login;
}

static void start(struct part *part, const struct wire_part *what)
{
    struct request *request = request_new_part(part->multicall->request, &part->way);

    part->multicall->n_held++;
    if (!request) {
        on_answered(&part->way, NULL);
        return;
    }
    request->login = login_now(request);
    if (what->fault != 0)
        request_fault(request, what->fault, what->reason, 0);
    else
        request->services->dispatch(request, &what->call);
}

void method_multicall(struct request *request, const struct wire_call *call)
{
    struct multicall *multicall = calloc(1, sizeof(*multicall));

    if (!multicall) {
        request_no_memory(request);
        return;
    }
    multicall->request = request;
    multicall->answers.n = call->n_parts;
    multicall->n_held = 1;
    request_on_gone(request, on_gone, multicall);
    for (size_t i = 0; i < call->n_parts; i++) {
        multicall->parts[i] = (struct part){ .way.answered = on_answered, .multicall = multicall };
        start(&multicall->parts[i], &call->parts[i]);
    }
    let_go(multicall);
}
