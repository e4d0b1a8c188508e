/* One call, one answer. */
#include "webfront/api/reading.h"

#include <stdlib.h>
#include <string.h>

#include "common/cleanup.h"
#include "common/refusal.h"
#include "webfront/calls/answer.h"
#include "webfront/calls/calls.h"
#include "webfront/calls/gate.h"
#include "webfront/calls/programs.h"

struct reading {
    struct call call; /* first */
    struct parts *parts;
    const struct wire_method *method;
};

static void refuse(struct parts *parts, struct http_request *request, const struct outcome *outcome)
{
    enum format format = accept_of(request, FORMAT_JSON);

    if (outcome->code != REFUSAL_LOGIN)
        answer_outcome(parts->answers, request, format, outcome, NULL);
    else if (!programs_ask_again(parts, request, format))
        gate_refuse(parts, request, format, outcome);
}

/* Who asks for what is under way may ask again. */
static void reply(struct http_request *request, const struct wire_answer *answer)
{
    struct MHD_Response *response = answer_new_json(answer);
    bool again = answer->kind == WIRE_RESTART && strcmp(answer->restart.verdict, "under-way") == 0;

    answer_add_retry_after(&response, again ? 1 : 0);
    http_reply(request, MHD_HTTP_OK, response);
}

static void on_answered(struct call *call, const struct rpc_client_answer *answer)
{
    struct reading *reading = (struct reading *)call;
    _cleanup_(outcome_done) struct outcome outcome = outcome_of_read(reading->method->answer, answer);

    if (outcome.kind == OUTCOME_SUCCEEDED)
        reply(call->request, &outcome.answer);
    else
        refuse(reading->parts, call->request, &outcome);
}

void api_read(struct parts *parts, struct http_request *request, const struct rpc_client_caller *caller,
              const struct wire_call *what)
{
    _cleanup_(outcome_done) struct outcome full = calls_refuse(parts->calls, caller, what);
    struct reading *reading;

    if (full.message) {
        refuse(parts, request, &full);
        return;
    }
    reading = calloc(1, sizeof(*reading));
    if (!reading) {
        http_reply(request, 0, NULL);
        return;
    }
    reading->call.answered = on_answered;
    reading->parts = parts;
    reading->method = what->method;
    calls_start(parts->calls, &reading->call, request, caller, what);
}

void api_refuse_name(struct parts *parts, struct http_request *request, int outcome)
{
    const struct outcome refusal = outcome_refused(
        REFUSAL_NAME, outcome == 0 ? "Nothing was done: the address has no unit's name in it, or one with a "
                                     "broken escape, or too long a one."
                                   : refusal_name_text(outcome));

    answer_fixed(parts->answers, request, accept_of(request, FORMAT_JSON), &refusal);
}
