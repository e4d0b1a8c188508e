/* From the form to the broker's restarter.restart, or another verb's method, and its outcome back to who
 * clicked. What the name grammar knows to be wrong goes no further than here; the broker checks again. */
#include "webfront/calls/restart.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/cleanup.h"
#include "common/clock.h"
#include "common/refusal.h"
#include "common/unit-name.h"
#include "common/verb.h"
#include "webfront/calls/answer.h"
#include "webfront/calls/audit.h"
#include "webfront/calls/calls.h"
#include "webfront/calls/fars.h"
#include "webfront/calls/gate.h"
#include "webfront/calls/list-cache.h"
#include "webfront/calls/programs.h"
#include "webfront/requests/form.h"
#include "webfront/requests/path.h"

/* A browser that waits for longer shows nothing but that it waits. */
#define TIRED_USEC (2 * USEC_PER_SEC)

struct restart {
    struct call call; /* first */
    struct parts *parts;
    struct restart_manner manner;
    char id[UNIT_NAME_SIZE];
    char press[WIRE_PRESS_MAX + 1];
};

void restart_refuse(struct parts *parts, struct http_request *request, const struct outcome *outcome,
                    const char *asked)
{
    audit_outcome(parts, request, outcome, asked, 0);
    if (outcome->owned)
        answer_outcome(parts->answers, request, accept_of(request, FORMAT_JSON), outcome, NULL);
    else
        answer_fixed(parts->answers, request, accept_of(request, FORMAT_JSON), outcome);
}

/* A browser goes on to the outcome's own address, where loading it again, going back to it and handing it on
 * press nothing. */
static void send_to(const struct parts *parts, struct http_request *request, const char *press, bool again)
{
    char address[sizeof(PATH_MACHINES) + MACHINE_NAME_SIZE + sizeof(PRESSED_ADDRESS) + WIRE_PRESS_MAX +
                 sizeof("?" PRESSED_AGAIN)];

    (void)snprintf(address, sizeof(address), "%s%s" PRESSED_ADDRESS "%s%s",
                   parts->machine ? PATH_MACHINES : "", parts->machine ? parts->machine : "", press,
                   again ? "?" PRESSED_AGAIN : "");
    http_reply(request, MHD_HTTP_SEE_OTHER, answer_new_redirect(address));
}

static void send_to_outcome(const struct parts *parts, struct http_request *request, const char *press)
{
    send_to(parts, request, press, false);
}

/* What was refused has no outcome; programs are told here. */
static bool has_address(const struct restart *restart, const struct outcome *outcome)
{
    return restart->manner.format == FORMAT_HTML && *restart->press && outcome->kind != OUTCOME_REFUSED;
}

/* What is there says how far it is. */
static void on_tired(struct call *call)
{
    const struct restart *restart = (struct restart *)call;

    list_cache_drop(restart->parts->list);
    restart->manner.tired(restart->parts, call->request, restart->press);
}

static void on_answered(struct call *call, const struct rpc_client_answer *answer)
{
    struct restart *restart = (struct restart *)call;
    struct parts *parts = restart->parts;
    _cleanup_(outcome_done) struct outcome outcome = outcome_of_restart(answer);
    const char *asked = restart->id;

    outcome_speak_of(&outcome, call->verb);
    outcome_speak_of_machine(&outcome, parts->machine, restart->press);
    outcome.id = restart->id;
    outcome.press = restart->press;
    if (outcome_has_job(&outcome)) {
        parts->audit->restarts++;
        asked = *outcome.answer.restart.unit ? outcome.answer.restart.unit : asked;
    } else if (!outcome_is_brokers(&outcome)) {
        audit_outcome(parts, call->request, &outcome, restart->id, call->since_usec);
    }
    if (outcome.kind != OUTCOME_REFUSED)
        list_cache_drop(parts->list);
    if (has_address(restart, &outcome))
        send_to(parts, call->request, restart->press,
                outcome_has_job(&outcome) && outcome.answer.restart.repeated);
    else if (outcome.code != REFUSAL_LOGIN)
        answer_outcome(parts->answers, call->request, restart->manner.format, &outcome, asked);
    else if (!programs_ask_again(parts, call->request, restart->manner.format))
        gate_refuse(parts, call->request, restart->manner.format, &outcome);
}

static void send_on(struct parts *parts, struct http_request *request, const struct rpc_client_caller *caller,
                    const struct form *form, const struct restart_manner *manner,
                    const struct wire_call *what)
{
    struct restart *restart = calloc(1, sizeof(*restart));

    if (!restart) {
        http_reply(request, 0, NULL);
        return;
    }
    restart->call.answered = on_answered;
    restart->parts = parts;
    restart->manner = *manner;
    (void)stpcpy(restart->id, form->service_id);
    (void)stpcpy(restart->press, form->press);
    if (manner->tired && *restart->press) {
        restart->call.tired = on_tired;
        restart->call.tired_usec = manner->tired_usec;
    }
    calls_start(parts->calls, &restart->call, request, caller, what);
}

void restart_start(struct parts *parts, struct http_request *request, const struct rpc_client_caller *caller,
                   struct form *form, const struct restart_manner *manner)
{
    struct wire_call what = {
        .method = wire_method_of_verb(form->verb),
        .unit = form->service_id,
        .has_settle = form->settle >= 0,
        .settle = form->settle,
    };
    _cleanup_(outcome_done) struct outcome full = calls_refuse(parts->calls, caller, &what);

    if (full.message) {
        restart_refuse(parts, request, &full, form->service_id);
        return;
    }
    (void)stpcpy(what.press, form->press);
    (void)stpcpy(what.reason, form->reason);
    send_on(parts, request, caller, form, manner, &what);
}

/* The header says the same as one of the form's fields. */
struct outcome restart_check_form(const struct parts *parts, const struct http_request *request, int r,
                                  struct form *ret)
{
    const char *key = http_request_header(request, "Idempotency-Key");
    struct outcome outcome = { 0 };

    if (r == 0 && http_request_header_count(request, "Idempotency-Key") > 1)
        return outcome_refused_http(MHD_HTTP_BAD_REQUEST,
                                    "Nothing was done: the request has two Idempotency-Key headers.");
    if (r == 0 && key)
        r = form_take_key(key, ret);
    if (r == 0 && !fars_is_that(parts, ret->machine))
        r = FORM_E_MACHINE;
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

static struct outcome read_form(const struct parts *parts, const struct http_request *request,
                                struct form *ret)
{
    size_t size;
    const char *body = http_request_body(request, &size);
    int r = form_read(body, size, ret);

    return restart_check_form(parts, request, r, ret);
}

/* What is wrong with the request. */
static struct outcome read_request(const struct parts *parts, const struct http_request *request,
                                   struct form *ret)
{
    if (http_request_has_query(request))
        return outcome_refused_http(MHD_HTTP_BAD_REQUEST,
                                    "Nothing was done: service_id belongs in the body, and nothing behind a "
                                    "question mark in the address.");
    if (!accept_content_is(request, "application/x-www-form-urlencoded"))
        return outcome_refused_http(
            MHD_HTTP_UNSUPPORTED_MEDIA_TYPE,
            "Nothing was done: send the form as application/x-www-form-urlencoded, or "
            "JSON to /api/instances/UNIT/restart.");
    return read_form(parts, request, ret);
}

void restart_post(struct parts *parts, struct http_request *request, const struct rpc_client_caller *caller)
{
    struct form form = { .settle = -1 };
    struct restart_manner manner = { .format = accept_of(request, FORMAT_JSON), .tired_usec = TIRED_USEC };
    _cleanup_(outcome_done) struct outcome outcome = read_request(parts, request, &form);

    if (manner.format == FORMAT_HTML)
        manner.tired = send_to_outcome;
    if (outcome.message)
        restart_refuse(parts, request, &outcome, form.service_id);
    else
        restart_start(parts, request, caller, &form, &manner);
}
