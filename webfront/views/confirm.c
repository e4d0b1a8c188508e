/* The unit's state is asked for: who presses may as well see it, and a unit that is not his is refused here.
 */
#include "webfront/views/confirm.h"

#include <stdlib.h>
#include <string.h>

#include "common/cleanup.h"
#include "common/refusal.h"
#include "common/unit-name.h"
#include "webfront/calls/answer.h"
#include "webfront/calls/calls.h"
#include "webfront/calls/fars.h"
#include "webfront/calls/gate.h"
#include "webfront/calls/pressed-page.h"
#include "webfront/pages/page-confirm.h"
#include "webfront/requests/accept.h"
#include "webfront/requests/form.h"
#include "webfront/views/site.h"

struct confirm {
    struct call call; /* first */
    struct parts *parts;
    struct form form;
    struct view_site site;
};

static void refuse(struct parts *parts, struct http_request *request, struct outcome *outcome, unsigned verb)
{
    outcome_speak_of(outcome, verb);
    if (outcome->code == REFUSAL_LOGIN)
        gate_refuse(parts, request, FORMAT_HTML, outcome);
    else
        answer_outcome(parts->answers, request, accept_of(request, FORMAT_HTML), outcome, NULL);
}

static void on_answered(struct call *call, const struct rpc_client_answer *answer)
{
    struct confirm *confirm = (struct confirm *)call;
    _cleanup_(outcome_done) struct outcome outcome = outcome_of_read(WIRE_STATUS, answer);
    struct http_shared *page;
    size_t size = 0;
    char *text;

    if (outcome.kind != OUTCOME_SUCCEEDED) {
        refuse(confirm->parts, call->request, &outcome, confirm->form.verb);
        return;
    }
    text = page_confirm(&confirm->site.site, &outcome.answer.status, confirm->form.verb, &size);
    page = pressed_page_new(text, size, "");
    http_reply_shared(call->request, MHD_HTTP_OK, page);
    http_shared_unref(page);
}

static void ask(struct parts *parts, struct http_request *request, const struct rpc_client_caller *caller,
                const struct form *form)
{
    struct confirm *confirm = calloc(1, sizeof(*confirm));
    const struct wire_call what = { .method = &WIRE_METHODS[WIRE_METHOD_STATUS],
                                    .unit = (char *)form->service_id };

    if (!confirm) {
        http_reply(request, 0, NULL);
        return;
    }
    confirm->call.answered = on_answered;
    confirm->parts = parts;
    confirm->form = *form;
    view_site_set(&confirm->site, parts, request, caller);
    calls_start(parts->calls, &confirm->call, request, caller, &what);
}

void confirm_get(struct parts *parts, struct http_request *request, const struct rpc_client_caller *caller)
{
    const struct wire_call what = { .method = &WIRE_METHODS[WIRE_METHOD_STATUS] };
    const char *query = http_request_query(request);
    struct form form = { .verb = VERB_RESTART };
    _cleanup_(outcome_done) struct outcome outcome = { 0 };
    int r = form_read(query, strlen(query), &form);

    if (r == 0 && !fars_is_that(parts, form.machine))
        r = FORM_E_MACHINE;
    if (r)
        outcome = outcome_refused_http(MHD_HTTP_BAD_REQUEST, form_text(r));
    else if ((r = unit_id_check(form.service_id)))
        outcome = outcome_refused(REFUSAL_NAME, refusal_name_text(r));
    else
        outcome = calls_refuse(parts->calls, caller, &what);
    if (outcome.message)
        refuse(parts, request, &outcome, form.verb);
    else
        ask(parts, request, caller, &form);
}
