/* Three questions to the broker, one after the other: how the unit is, which says whether its lines may be
 * read, these, and what was done to it. Who asked is kept for as long as that takes; what cannot be told of
 * the latter two is said in its place. */
#include "webfront/views/instance.h"

#include <stdlib.h>
#include <string.h>

#include "common/cleanup.h"
#include "common/clock.h"
#include "common/refusal.h"
#include "common/unit-name.h"
#include "webfront/calls/answer.h"
#include "webfront/calls/caller.h"
#include "webfront/calls/calls.h"
#include "webfront/calls/gate.h"
#include "webfront/calls/pressed-page.h"
#include "webfront/pages/page-instance.h"
#include "webfront/requests/path.h"
#include "webfront/views/site.h"

enum question { STATUS, LINES, PAST, QUESTIONS };

static const struct {
    enum wire_method_id method;
    enum wire_kind kind;
} ROWS[QUESTIONS] = {
    [STATUS] = { WIRE_METHOD_STATUS, WIRE_STATUS },
    [LINES] = { WIRE_METHOD_LOGS, WIRE_LINES },
    [PAST] = { WIRE_METHOD_HISTORY, WIRE_PAST },
};

/* What is known so far. */
struct gathering {
    struct parts *parts;
    struct http_request *request;
    struct view_site site;
    struct caller caller;
    char unit[UNIT_NAME_SIZE];
    struct outcome outcomes[QUESTIONS];
};

struct asking {
    struct call call; /* first */
    struct gathering *gathering;
    enum question question;
};

static void gathering_free(struct gathering *gathering)
{
    if (!gathering)
        return;
    for (size_t i = 0; i < QUESTIONS; i++)
        outcome_done(&gathering->outcomes[i]);
    free(gathering);
}

DEFINE_CLEANUP(struct gathering *, gathering_free);

static void on_ended(struct call *call)
{
    gathering_free(((struct asking *)call)->gathering);
}

static void refuse(struct parts *parts, struct http_request *request, const struct outcome *outcome)
{
    if (outcome->code == REFUSAL_LOGIN)
        gate_refuse(parts, request, FORMAT_HTML, outcome);
    else
        answer_outcome(parts->answers, request, accept_of(request, FORMAT_HTML), outcome, NULL);
}

static void reply(struct gathering *gathering)
{
    const struct outcome *status = &gathering->outcomes[STATUS], *lines = &gathering->outcomes[LINES],
                         *past = &gathering->outcomes[PAST];
    const struct page_instance page = {
        .status = &status->answer.status,
        .past = past->answer.kind == WIRE_PAST ? &past->answer.past : NULL,
        .past_problem = past->message,
        .lines = lines->answer.kind == WIRE_LINES ? &lines->answer.lines : NULL,
        .lines_problem = lines->message,
    };
    struct http_shared *shared;
    size_t size = 0;
    char *text = page_instance(&gathering->site.site, &page, &size);

    shared = pressed_page_new(text, size, "");
    http_reply_shared(gathering->request, MHD_HTTP_OK, shared);
    http_shared_unref(shared);
}

static void ask(struct gathering *gathering, enum question question);

/* Takes it over. */
static void go_on(struct gathering *owned, enum question next)
{
    _cleanup_(gathering_freep) struct gathering *gathering = owned;

    if (next == LINES && !gathering->outcomes[STATUS].answer.status.logs)
        next++;
    if (next == QUESTIONS)
        reply(gathering);
    else
        ask(TAKE_PTR(gathering), next);
}

static void on_answered(struct call *call, const struct rpc_client_answer *answer)
{
    struct asking *asking = (struct asking *)call;
    _cleanup_(gathering_freep) struct gathering *gathering = TAKE_PTR(asking->gathering);
    enum question question = asking->question;
    struct outcome *outcome = &gathering->outcomes[question];

    *outcome = outcome_of_read(ROWS[question].kind, answer);
    if (question == STATUS && outcome->kind != OUTCOME_SUCCEEDED)
        refuse(gathering->parts, gathering->request, outcome);
    else
        go_on(TAKE_PTR(gathering), question + 1);
}

/* Takes it over. */
static void ask(struct gathering *gathering, enum question question)
{
    const struct wire_call what = { .method = &WIRE_METHODS[ROWS[question].method], .unit = gathering->unit };
    struct asking *asking = calloc(1, sizeof(*asking));
    struct http_request *request = gathering->request;
    struct calls *calls = gathering->parts->calls;

    if (!asking) {
        gathering_free(gathering);
        http_reply(request, 0, NULL);
        return;
    }
    asking->call.answered = on_answered;
    asking->call.ended = on_ended;
    asking->call.patience_usec = question == STATUS ? 0 : CALLS_JOURNAL_USEC;
    asking->gathering = gathering;
    asking->question = question;
    calls_start(calls, &asking->call, request, &gathering->caller.rpc, &what);
}

static void begin(struct parts *parts, struct http_request *request, const struct rpc_client_caller *caller,
                  const char *unit)
{
    struct gathering *gathering = calloc(1, sizeof(*gathering));

    if (!gathering) {
        http_reply(request, 0, NULL);
        return;
    }
    gathering->parts = parts;
    gathering->request = request;
    caller_keep(&gathering->caller, caller);
    view_site_set(&gathering->site, parts, request, caller);
    (void)stpcpy(gathering->unit, unit);
    ask(gathering, STATUS);
}

void instance_get(struct parts *parts, struct http_request *request, const struct rpc_client_caller *caller)
{
    const struct wire_call what = { .method = &WIRE_METHODS[WIRE_METHOD_STATUS] };
    char unit[PATH_STAR_SIZE] = "";
    bool is_text = path_star(path_here(http_request_path(request)), INSTANCE_ADDRESS, unit);
    _cleanup_(outcome_done) struct outcome outcome = calls_refuse(parts->calls, caller, &what);
    int r = is_text ? unit_id_check(unit) : UNIT_NAME_E_TOO_LONG;

    if (r != 0)
        outcome = outcome_refused(REFUSAL_NAME, refusal_name_text(r));
    if (outcome.message)
        refuse(parts, request, &outcome);
    else
        begin(parts, request, caller, unit);
}
