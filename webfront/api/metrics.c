/* A broker that cannot be reached is something to be told, and no reason to tell nothing. */
#include "webfront/api/metrics.h"

#include <stdlib.h>
#include <string.h>

#include "common/cleanup.h"
#include "common/http/http-stream.h"
#include "common/refusal.h"
#include "webfront/calls/answer.h"
#include "webfront/calls/audit.h"
#include "webfront/calls/calls.h"
#include "webfront/calls/fars.h"
#include "webfront/calls/gate.h"
#include "webfront/calls/programs.h"
#include "webfront/logins/logins.h"
#include "webfront/pages/metrics.h"

_Static_assert((int)METRICS_REFUSALS == (int)AUDIT_CODES, "a place for each code");
_Static_assert((int)METRICS_ENDS == (int)TALLY_ENDS, "a place for each end");
_Static_assert((int)METRICS_LOGINS == (int)LOGIN_UNAVAILABLE, "a place for each outcome");

struct scrape {
    struct call call; /* first */
    struct parts *parts;
};

static void count_server(const struct http_server *server, struct metrics_front *front)
{
    front->connections += http_server_connections(server);
    front->open_pages += http_server_streams(server);
    for (unsigned i = 0; i < METRICS_CLASSES; i++)
        front->answered[i] += http_server_answered(server, i + 1);
}

static void count_front(const struct parts *parts, struct metrics_front *ret)
{
    *ret = (struct metrics_front){ .start = parts->start };
    for (size_t i = 0; i < *parts->n_servers; i++)
        count_server(parts->servers[i], ret);
    for (unsigned i = 0; parts->logins && i < METRICS_LOGINS; i++)
        ret->logins[i] = logins_counted(parts->logins, (enum login_outcome)(LOGIN_PASSED + i));
    memcpy(ret->refusals, parts->audit->codes, sizeof(ret->refusals));
}

static struct metrics_machine machine_of(const struct parts *far)
{
    struct metrics_machine machine = {
        .name = far->machine,
        .asked = calls_has_asked(far->calls),
        .silent_sec = fars_silent_sec(far),
    };

    memcpy(machine.ended, calls_tally(far->calls)->ended, sizeof(machine.ended));
    return machine;
}

static void count_machines(const struct fars *fars, struct metrics_machine machines[static MACHINES_MAX],
                           struct metrics_front *front)
{
    front->machines = machines;
    for (; fars && front->n_machines < fars->n && front->n_machines < MACHINES_MAX; front->n_machines++)
        machines[front->n_machines] = machine_of(&fars->list[front->n_machines]);
}

static void reply(const struct parts *parts, struct http_request *request, const struct wire_metrics *broker)
{
    struct metrics_machine machines[MACHINES_MAX];
    struct metrics_front front;
    size_t size = 0;
    _cleanup_(freep) char *text = NULL;

    count_front(parts, &front);
    count_machines(parts->fars, machines, &front);
    text = metrics_text(&front, broker, &size);
    http_reply(request, MHD_HTTP_OK, answer_new(text, size, METRICS_TYPE));
}

/* For whom they are not, or there is no place. */
static void refuse(struct parts *parts, struct http_request *request, const struct outcome *outcome)
{
    enum format format = accept_of(request, FORMAT_TEXT);

    if (outcome->code != REFUSAL_LOGIN)
        answer_outcome(parts->answers, request, format, outcome, NULL);
    else if (!programs_ask_again(parts, request, format))
        gate_refuse(parts, request, format, outcome);
}

static void on_answered(struct call *call, const struct rpc_client_answer *answer)
{
    struct scrape *scrape = (struct scrape *)call;
    _cleanup_(outcome_done) struct outcome outcome = outcome_of_read(WIRE_METRICS, answer);

    if (outcome.code == REFUSAL_LOGIN || outcome.code == REFUSAL_NO_GRANT)
        refuse(scrape->parts, call->request, &outcome);
    else
        reply(scrape->parts, call->request,
              outcome.kind == OUTCOME_SUCCEEDED ? &outcome.answer.metrics : NULL);
}

void metrics_get(struct parts *parts, struct http_request *request, const struct rpc_client_caller *caller)
{
    const struct wire_call what = { .method = &WIRE_METHODS[WIRE_METHOD_METRICS] };
    _cleanup_(outcome_done) struct outcome full = calls_refuse(parts->calls, caller, &what);
    struct scrape *scrape;

    if (full.message) {
        refuse(parts, request, &full);
        return;
    }
    scrape = calloc(1, sizeof(*scrape));
    if (!scrape) {
        http_reply(request, 0, NULL);
        return;
    }
    scrape->call.answered = on_answered;
    scrape->parts = parts;
    calls_start(parts->calls, &scrape->call, request, caller, &what);
}
