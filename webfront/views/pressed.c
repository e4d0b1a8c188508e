/* The broker remembers presses; here nothing is kept of them. */
#include "webfront/views/pressed.h"

#include <stdlib.h>
#include <string.h>

#include "common/cleanup.h"
#include "common/refusal.h"
#include "webfront/calls/answer.h"
#include "webfront/calls/calls.h"
#include "webfront/calls/gate.h"
#include "webfront/calls/programs.h"
#include "webfront/calls/restart.h"
#include "webfront/requests/path.h"

struct pressed {
    struct call call; /* first */
    struct parts *parts;
    enum format format;
};

static void reply(const struct pressed *pressed, const struct outcome *outcome)
{
    const char *unit = outcome_has_job(outcome) ? outcome->answer.restart.unit : NULL;
    struct http_request *request = pressed->call.request;

    if (outcome->code != REFUSAL_LOGIN)
        answer_outcome(pressed->parts->answers, request, pressed->format, outcome, unit);
    else if (!programs_ask_again(pressed->parts, request, pressed->format))
        gate_refuse(pressed->parts, request, pressed->format, outcome);
}

static void on_answered(struct call *call, const struct rpc_client_answer *answer)
{
    _cleanup_(outcome_done) struct outcome outcome = outcome_of_press(answer);

    if (outcome_has_job(&outcome))
        outcome.answer.restart.repeated = strcmp(http_request_query(call->request), PRESSED_AGAIN) == 0;
    reply((struct pressed *)call, &outcome);
}

static void ask(struct parts *parts, struct http_request *request, const struct rpc_client_caller *caller,
                const struct wire_call *what)
{
    struct pressed *pressed = calloc(1, sizeof(*pressed));

    if (!pressed) {
        http_reply(request, 0, NULL);
        return;
    }
    pressed->call.answered = on_answered;
    pressed->parts = parts;
    pressed->format = accept_of(request, FORMAT_JSON);
    calls_start(parts->calls, &pressed->call, request, caller, what);
}

void pressed_get(struct parts *parts, struct http_request *request, const struct rpc_client_caller *caller)
{
    struct wire_call what = { .method = &WIRE_METHODS[WIRE_METHOD_OUTCOME] };
    char press[PATH_STAR_SIZE] = "";
    _cleanup_(outcome_done) struct outcome full = calls_refuse(parts->calls, caller, &what), refusal = { 0 };

    /* That nobody can be asked now is no word on the press. */
    if (full.message)
        refusal = outcome_of_press_unasked(full.retry_after);
    if (!path_star(path_here(http_request_path(request)), PRESSED_ADDRESS "*", press) ||
        !wire_press_valid(press))
        refusal = outcome_refused(REFUSAL_NO_PRESS,
                                  "There is no press of that name: it is 8 to 64 of A-Z a-z 0-9 _ and -.");
    if (refusal.message) {
        answer_outcome(parts->answers, request, accept_of(request, FORMAT_JSON), &refusal, NULL);
        return;
    }
    (void)stpcpy(what.press, press);
    ask(parts, request, caller, &what);
}
