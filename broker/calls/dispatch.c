/* Login, place, table. */
#include "broker/calls/dispatch.h"

#include <strings.h>

#include "broker/calls/audit.h"
#include "broker/calls/method-restart.h"
#include "broker/calls/methods.h"
#include "broker/calls/request.h"
#include "common/text.h"

static void refuse(struct request *request, const struct outcome *outcome)
{
    audit_read(request->services->audit, request, outcome);
    request_refuse(request, outcome);
}

/* That is how it calls itself. */
static bool is_this_machine(const struct request *request, const char *name)
{
    return strcasecmp(request->services->machine, name) == 0;
}

/* A web front, which knows others, takes the option away. Whoever sends it here takes this for one. */
static void refuse_machine(struct request *request)
{
    request_fault(
        request, RPC_FAULT_PARAMS,
        "Nothing was done: the broker knows no other machine than its own. The option machine is for "
        "POST /RPC2 at the web front.",
        0);
}

/* Whoever is not logged in is told so in the way of the method. */
static void refuse_login(struct request *request, const struct wire_call *call)
{
    struct outcome outcome = { .verb = call->method->verb };

    if (call->unit)
        (void)text_clean(call->unit, request->asked, sizeof(request->asked));
    sentence_login(&outcome, request->login);
    if (call->method->verb != 0)
        method_restart_refuse(request, &outcome);
    else
        refuse(request, &outcome);
}

void dispatch(struct request *request, const struct wire_call *call)
{
    const struct method *method = method_find(call->method);
    struct outcome full = { 0 };

    request->method = call->method;
    if (*call->machine && !is_this_machine(request, call->machine))
        refuse_machine(request);
    else if (request->login != LOGIN_GOOD && (request->login != LOGIN_MISSING || !method->for_fronts))
        refuse_login(request, call);
    else if (place_take(request->places, method->place, request_counted(request), NULL, &request->place,
                        &full))
        method->handle(request, call);
    else
        refuse(request, &full);
}
