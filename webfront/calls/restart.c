/* From the form to the broker's restarter.restart, or another verb's method, and its outcome back to who
 * clicked. What the name grammar knows to be wrong goes no further than here; the broker checks again. */
#include "webfront/calls/restart.h"

#include <stdlib.h>
#include <string.h>

#include "common/cleanup.h"
#include "common/refusal.h"
#include "common/unit-name.h"
#include "common/verb.h"
#include "webfront/calls/answer.h"
#include "webfront/calls/audit.h"
#include "webfront/calls/calls.h"
#include "webfront/calls/list-cache.h"
#include "webfront/requests/form.h"

struct restart {
    struct call call; /* first */
    struct parts *parts;
    enum format format;
    char id[UNIT_NAME_SIZE];
};

static void refuse(struct parts *parts, struct http_request *request, const struct outcome *outcome,
                   const char *asked)
{
    audit_outcome(parts->audit, request, outcome, asked, 0);
    if (outcome->owned)
        answer_outcome(parts->answers, request, accept_of(request, FORMAT_JSON), outcome, NULL);
    else
        answer_fixed(parts->answers, request, accept_of(request, FORMAT_JSON), outcome);
}

static void on_answered(struct call *call, const struct rpc_client_answer *answer)
{
    struct restart *restart = (struct restart *)call;
    struct parts *parts = restart->parts;
    _cleanup_(outcome_done) struct outcome outcome = outcome_of_restart(answer);
    const char *asked = restart->id;

    outcome_speak_of(&outcome, call->verb);
    if (outcome_has_job(&outcome)) {
        parts->audit->restarts++;
        asked = *outcome.answer.restart.unit ? outcome.answer.restart.unit : asked;
    } else if (!outcome_is_brokers(&outcome)) {
        audit_outcome(parts->audit, call->request, &outcome, restart->id, call->since_usec);
    }
    if (outcome.kind != OUTCOME_REFUSED)
        list_cache_drop(parts->list);
    answer_outcome(parts->answers, call->request, restart->format, &outcome, asked);
}

static void send_on(struct parts *parts, struct http_request *request, const struct form *form,
                    const struct wire_call *what)
{
    struct restart *restart = calloc(1, sizeof(*restart));

    if (!restart) {
        http_reply(request, 0, NULL);
        return;
    }
    restart->call.answered = on_answered;
    restart->parts = parts;
    restart->format = accept_of(request, FORMAT_JSON);
    (void)stpcpy(restart->id, form->service_id);
    calls_start(parts->calls, &restart->call, request, what);
}

static void start(struct parts *parts, struct http_request *request, struct form *form)
{
    struct wire_call what = {
        .method = wire_method_of_verb(form->verb),
        .unit = form->service_id,
        .has_settle = form->settle >= 0,
        .settle = form->settle,
    };
    _cleanup_(outcome_done) struct outcome full = calls_refuse(parts->calls, &what);

    if (full.message) {
        refuse(parts, request, &full, form->service_id);
        return;
    }
    (void)stpcpy(what.press, form->press);
    send_on(parts, request, form, &what);
}

/* What is wrong with the body, and with the header that says the same as one of its fields. */
static struct outcome read_form(const struct http_request *request, struct form *ret)
{
    const char *key = http_request_header(request, "Idempotency-Key");
    struct outcome outcome = { 0 };
    size_t size;
    const char *body = http_request_body(request, &size);
    int r = form_read(body, size, ret);

    if (r == 0 && http_request_header_count(request, "Idempotency-Key") > 1)
        return outcome_refused_http(MHD_HTTP_BAD_REQUEST,
                                    "Nothing was done: the request has two Idempotency-Key headers.");
    if (r == 0 && key)
        r = form_take_key(key, ret);
    if (r)
        return outcome_refused_http(r == FORM_E_TOO_LONG ? MHD_HTTP_CONTENT_TOO_LARGE : MHD_HTTP_BAD_REQUEST,
                                    form_text(r));
    r = unit_id_check(ret->service_id);
    if (r) {
        outcome = outcome_refused(REFUSAL_NAME, refusal_name_text(r));
        outcome_speak_of(&outcome, ret->verb);
    }
    return outcome;
}

/* What is wrong with the request. */
static struct outcome read_request(const struct http_request *request, struct form *ret)
{
    if (http_request_has_query(request))
        return outcome_refused_http(MHD_HTTP_BAD_REQUEST,
                                    "Nothing was done: service_id belongs in the body, and nothing behind a "
                                    "question mark in the address.");
    if (!accept_content_is(request, "application/x-www-form-urlencoded"))
        return outcome_refused_http(MHD_HTTP_UNSUPPORTED_MEDIA_TYPE,
                                    "Nothing was done: send the form as application/x-www-form-urlencoded.");
    return read_form(request, ret);
}

void restart_post(struct parts *parts, struct http_request *request)
{
    struct form form = { .settle = -1 };
    _cleanup_(outcome_done) struct outcome outcome = read_request(request, &form);

    if (outcome.message)
        refuse(parts, request, &outcome, form.service_id);
    else
        start(parts, request, &form);
}
