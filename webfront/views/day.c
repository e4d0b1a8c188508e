/* One question to the broker, which knows whom it may tell. */
#include "webfront/views/day.h"

#include <stdlib.h>
#include <string.h>

#include "common/cleanup.h"
#include "common/clock.h"
#include "common/refusal.h"
#include "webfront/calls/answer.h"
#include "webfront/calls/calls.h"
#include "webfront/calls/gate.h"
#include "webfront/pages/page-day.h"
#include "webfront/requests/path.h"
#include "webfront/views/site.h"

enum { DAY_LENGTH = sizeof("2026-11-22") - 1 };

struct day {
    struct call call; /* first */
    struct parts *parts;
    struct view_site site;
    char day[DAY_LENGTH + 1];
};

static void refuse(struct parts *parts, struct http_request *request, const struct outcome *outcome)
{
    if (outcome->code == REFUSAL_LOGIN)
        gate_refuse(parts, request, FORMAT_HTML, outcome);
    else
        answer_outcome(parts->answers, request, accept_of(request, FORMAT_HTML), outcome, NULL);
}

static void on_answered(struct call *call, const struct rpc_client_answer *answer)
{
    struct day *day = (struct day *)call;
    _cleanup_(outcome_done) struct outcome outcome = outcome_of_read(WIRE_PAST, answer);
    _cleanup_(freep) char *text = NULL;
    size_t size = 0;

    if (outcome.kind != OUTCOME_SUCCEEDED) {
        refuse(day->parts, call->request, &outcome);
        return;
    }
    text = page_day(&day->site.site, day->day, &outcome.answer.past, &size);
    http_reply(call->request, MHD_HTTP_OK, answer_new(text, size, ANSWER_HTML));
}

static void ask(struct parts *parts, struct http_request *request, const struct rpc_client_caller *caller,
                const struct wire_call *what)
{
    struct day *day = calloc(1, sizeof(*day));

    if (!day) {
        http_reply(request, 0, NULL);
        return;
    }
    day->call.answered = on_answered;
    day->call.patience_usec = CALLS_JOURNAL_USEC;
    day->parts = parts;
    (void)stpncpy(day->day, what->unit, DAY_LENGTH);
    view_site_set(&day->site, parts, request, caller);
    calls_start(parts->calls, &day->call, request, caller, what);
}

/* Whether there is such a day the broker says. */
static bool looks_like_a_day(const char *text)
{
    return strlen(text) == DAY_LENGTH && strspn(text, "0123456789-") == DAY_LENGTH;
}

void day_get(struct parts *parts, struct http_request *request, const struct rpc_client_caller *caller)
{
    char text[PATH_STAR_SIZE] = "";
    const struct wire_call what = { .method = &WIRE_METHODS[WIRE_METHOD_DAY], .unit = text };
    bool has_day = path_star(http_request_path(request), DAY_ADDRESS, text);
    _cleanup_(outcome_done) struct outcome outcome = calls_refuse(parts->calls, caller, &what);

    if ((has_day || strcmp(http_request_path(request), "/day") != 0) && !looks_like_a_day(text))
        outcome =
            outcome_refused_http(MHD_HTTP_NOT_FOUND, "There is no such day: it is written as 2026-11-22.");
    if (outcome.message)
        refuse(parts, request, &outcome);
    else
        ask(parts, request, caller, &what);
}
