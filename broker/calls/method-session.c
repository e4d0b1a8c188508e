/* What somebody can do with his own ticket. */
#include "broker/calls/method-session.h"

#include <errno.h>

#include "broker/calls/audit.h"
#include "broker/calls/method-changes.h"
#include "broker/calls/request.h"
#include "broker/calls/tickets.h"
#include "broker/memory/signed-out.h"

static void refuse(struct request *request, void (*sentence)(struct outcome *outcome))
{
    struct outcome outcome = { 0 };

    sentence(&outcome);
    audit_read(request->services->audit, request, &outcome);
    request_refuse(request, &outcome);
}

/* False when it is answered already. */
static bool has_ticket(struct request *request)
{
    if (request->ticket.issued > 0)
        return true;
    refuse(request, sentence_no_session);
    return false;
}

void method_renew(struct request *request, const struct wire_call *call)
{
    const struct ticket ticket = request_ticket(request);
    char text[TICKET_SIZE];
    const struct wire_answer answer = { .kind = WIRE_TEXT, .text = { text } };

    (void)call;
    if (!has_ticket(request))
        return;
    /* One that was read can be written. */
    if (tickets_renew(request->services->tickets, &ticket, text) == 0)
        request_answer(request, &answer, 0);
    else
        request_no_memory(request);
}

static void sign_out(struct request *request, int (*note)(struct tickets *, const struct ticket *))
{
    static const struct wire_answer DONE = { .kind = WIRE_DONE };
    const struct ticket ticket = request_ticket(request);
    int r;

    if (!has_ticket(request))
        return;
    r = note(request->services->tickets, &ticket);
    if (r < 0) {
        request_no_memory(request);
        return;
    }
    if (r == SIGNED_OUT_E_LOST) {
        refuse(request, sentence_sign_out_lost);
        return;
    }
    audit_signed_out(request);
    watches_check(request->services->watches);
    request_answer(request, &DONE, 0);
}

void method_sign_out(struct request *request, const struct wire_call *call)
{
    (void)call;
    sign_out(request, tickets_sign_out);
}

void method_sign_out_everywhere(struct request *request, const struct wire_call *call)
{
    (void)call;
    sign_out(request, tickets_sign_out_everywhere);
}
