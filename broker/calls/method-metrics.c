/* The counters as texts: what they are named by comes from the policy, and everything else is a number. */
#include "broker/calls/method-metrics.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "broker/calls/audit.h"
#include "broker/calls/request.h"
#include "broker/jobs/jobs.h"
#include "broker/memory/counters.h"
#include "common/refusal.h"
#include "policy/in-force.h"

enum { NUMBERS_SIZE = 21 * COUNTERS_REFUSALS };

struct texts_of {
    char results[NUMBERS_SIZE], durations[NUMBERS_SIZE], milliseconds[24];
};

static char *put_number(char *at, uint64_t number, bool is_first)
{
    return at + sprintf(at, "%s%" PRIu64, is_first ? "" : " ", number);
}

static void put_numbers(const uint64_t numbers[], size_t n, char ret[static NUMBERS_SIZE])
{
    char *at = ret;

    for (size_t i = 0; i < n; i++)
        at = put_number(at, numbers[i], i == 0);
}

/* For whom nobody knows anything is VERDICT_NONE's. */
static void put_words(char ret[static NUMBERS_SIZE])
{
    char *at = stpcpy(ret, "unknown");

    for (int i = VERDICT_NONE + 1; i < VERDICTS; i++)
        at = stpcpy(stpcpy(at, " "), verdict_to_string((enum verdict)i));
}

static void put_bounds(char ret[static NUMBERS_SIZE])
{
    char *at = ret;

    for (size_t i = 0; i < COUNTERS_BOUNDS; i++)
        at = put_number(at, COUNTERS_BOUNDS_MSEC[i], i == 0);
}

static void put_refusals(const struct counters *counters, char ret[static NUMBERS_SIZE])
{
    char *at = ret;

    for (int code = 1; refusal_to_string(code); code++)
        at = put_number(at, counters_refused(counters, code), code == 1);
}

static void tell(const struct counter *counter, struct texts_of *texts, struct wire_counter *ret)
{
    put_numbers(counter->results, VERDICTS, texts->results);
    put_numbers(counter->durations, COUNTERS_BOUNDS + 1, texts->durations);
    (void)snprintf(texts->milliseconds, sizeof(texts->milliseconds), "%" PRIu64, counter->msec);
    *ret = (struct wire_counter){ .unit = counter->unit,
                                  .verb = verb_to_string(counter->verb),
                                  .results = texts->results,
                                  .durations = texts->durations,
                                  .milliseconds = texts->milliseconds };
}

static void answer(struct request *request)
{
    const struct services *services = request->services;
    static struct texts_of texts[COUNTERS_MAX]; /* too much for a stack; none of it is kept */
    struct wire_counter counters[COUNTERS_MAX];
    char words[NUMBERS_SIZE], bounds[NUMBERS_SIZE], refusals[NUMBERS_SIZE];
    struct wire_answer answer = {
        .kind = WIRE_METRICS,
        .metrics = { .results = words,
                     .bounds = bounds,
                     .refusals = refusals,
                     .policy_ok = !services->policy->error,
                     .policy_in_force = services->policy->policy,
                     .jobs = jobs_running(services->jobs),
                     .counters = counters },
    };

    put_words(words);
    put_bounds(bounds);
    put_refusals(services->counters, refusals);
    for (unsigned i = 0; i < COUNTERS_MAX; i++)
        if (counters_at(services->counters, i)) {
            size_t n = answer.metrics.n_counters++;

            tell(counters_at(services->counters, i), &texts[n], &counters[n]);
        }
    request_answer(request, &answer, 0);
}

/* At a web's door: the front itself, where it names nobody; who reads them then is for it to say. */
static bool may_read(const struct request *request)
{
    if (request->gate->who == GATE_PEER)
        return request->person.is_root;
    return !person_is_known(&request->person) ||
           policy_is_admin(request->services->policy->policy, &request->person);
}

void method_metrics(struct request *request, _unused_ const struct wire_call *call)
{
    struct outcome outcome = { .refusal = REFUSAL_NO_GRANT };

    if (may_read(request)) {
        answer(request);
        return;
    }
    (void)snprintf(outcome.sentence, sizeof(outcome.sentence), "Nothing was told: the counters are for %s.",
                   request->gate->who == GATE_PEER ? "root, and at the web's doors for its administrators"
                                                   : "whom Admins= and AdminGroups= in the policy file name");
    audit_read(request->services->audit, request, &outcome);
    request_refuse(request, &outcome);
}
