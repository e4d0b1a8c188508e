/* From the form to the broker's restarter.restart, and its outcome back to who clicked. What the name grammar
 * knows to be wrong goes no further than here; the broker checks again. */
#include "webfront/restart.h"

#include <stdlib.h>
#include <string.h>

#include "common/cleanup.h"
#include "common/refusal.h"
#include "common/unit-name.h"
#include "webfront/answer.h"
#include "webfront/audit.h"
#include "webfront/calls.h"
#include "webfront/form.h"
#include "webfront/list-cache.h"

struct restart {
    struct call call; /* first */
    enum format format;
    char id[UNIT_NAME_SIZE];
};

static enum format choose_format(const struct http_request *request)
{
    return accept_choose(http_request_header(request, "Accept"), FORMAT_JSON);
}

static void refuse(struct app *app, struct http_request *request, const struct outcome *outcome,
                   const char *asked)
{
    audit_outcome(app, request, outcome, asked, 0);
    answer_fixed(app, request, choose_format(request), outcome);
}

static void on_answered(struct call *call, const struct rpc_client_answer *answer)
{
    struct restart *restart = (struct restart *)call;
    struct app *app = call->app;
    _cleanup_(outcome_done) struct outcome outcome = outcome_of_restart(answer);
    const char *name = restart->id;

    if (outcome_has_job(&outcome)) {
        app->restarts++;
        name = *outcome.answer.restart.unit ? outcome.answer.restart.unit : name;
    } else if (!outcome_is_brokers(&outcome)) {
        audit_outcome(app, call->request, &outcome, restart->id, call->since_usec);
    }
    if (outcome.kind != OUTCOME_REFUSED)
        list_cache_drop(app->list);
    answer_outcome(app, call->request, restart->format, &outcome, name);
    free(restart);
}

static void start(struct app *app, struct http_request *request, char *id)
{
    const struct wire_call call = { .method = wire_method_find("restarter.restart"), .unit = id };
    struct restart *restart = calloc(1, sizeof(*restart));

    if (!restart) {
        http_reply(request, 0, NULL);
        return;
    }
    restart->call.app = app;
    restart->call.request = request;
    restart->call.answered = on_answered;
    restart->format = choose_format(request);
    (void)stpcpy(restart->id, id);
    calls_start(&restart->call, &call, APP_RESTART_USEC);
}

/* The one field's value, or what is wrong with the request. */
static struct outcome read_request(const struct http_request *request, char ret_id[static FORM_VALUE_SIZE])
{
    const char *body;
    size_t size;
    int r;

    ret_id[0] = '\0';
    if (http_request_has_query(request))
        return outcome_refused_http(
            MHD_HTTP_BAD_REQUEST,
            "Nothing was restarted: service_id belongs in the body, and nothing behind a "
            "question mark in the address.");
    if (http_request_header_count(request, "Content-Type") != 1 ||
        !media_type_is(http_request_header(request, "Content-Type"), "application/x-www-form-urlencoded"))
        return outcome_refused_http(
            MHD_HTTP_UNSUPPORTED_MEDIA_TYPE,
            "Nothing was restarted: send the form as application/x-www-form-urlencoded.");
    body = http_request_body(request, &size);
    r = form_read(body, size, ret_id);
    if (r) {
        ret_id[0] = '\0';
        return outcome_refused_http(r == FORM_E_TOO_LONG ? MHD_HTTP_CONTENT_TOO_LARGE : MHD_HTTP_BAD_REQUEST,
                                    form_text(r));
    }
    r = unit_id_check(ret_id);
    return r ? outcome_refused(REFUSAL_NAME, refusal_name_text(r)) : (struct outcome){ 0 };
}

void restart_post(struct app *app, struct http_request *request)
{
    char id[FORM_VALUE_SIZE];
    struct outcome outcome = read_request(request, id);
    const char *full = calls_refuse(app);

    if (!outcome.message && full) {
        outcome = outcome_refused(REFUSAL_BUSY, full);
        outcome.retry_after = 2;
    }
    if (outcome.message)
        refuse(app, request, &outcome, id);
    else
        start(app, request, id);
}
