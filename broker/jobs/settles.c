/* Which units are watched, and what happens to all watches at once. */
#include "broker/jobs/settles.h"

#include "broker/memory/counters.h"
#include "broker/outcome/sentence-ended.h"

/* Nothing is left to be learned. */
static void tell_all(struct settles *settles, const struct outcome *outcome, uint64_t serial,
                     struct job_caller_list *callers)
{
    struct outcome o = *outcome;
    struct job_caller *caller;

    if (o.verdict == VERDICT_FAILED || o.verdict == VERDICT_ENDED || o.verdict == VERDICT_RESTARTING)
        outcome_note_fall(&o, 0);
    o.success = verdict_is_good(o.verdict);
    sentence_ended(&o);
    presses_over(settles->presses, serial, &o);
    counters_count(settles->counters, &o);
    while ((caller = TAILQ_FIRST(callers))) {
        TAILQ_REMOVE(callers, caller, link);
        job_tell_caller(caller, &o);
    }
}

static uint64_t longest(uint64_t own_usec, const struct job_caller_list *callers)
{
    const struct job_caller *caller;
    uint64_t usec = own_usec;

    TAILQ_FOREACH(caller, callers, link)
        if (caller->settle_usec != JOB_SETTLE_OWN && caller->settle_usec > usec)
            usec = caller->settle_usec;
    return usec;
}

/* Of the others there is nothing left to be learned. */
static bool is_to_be_watched(enum verdict verdict)
{
    return verdict == VERDICT_UP || verdict == VERDICT_FAILED || verdict == VERDICT_ENDED ||
           verdict == VERDICT_RESTARTING;
}

void settles_begin(struct settles *settles, struct unit *unit, const struct outcome *outcome,
                   uint64_t own_usec, uint64_t serial, struct job_caller_list *callers)
{
    uint64_t total_usec = longest(own_usec, callers);
    struct outcome o = *outcome;
    bool started = false;

    o.settle_usec = own_usec;
    o.verdict = outcome_at_end(&o);
    if (is_to_be_watched(o.verdict) && total_usec > 0) {
        if (settles->n >= SETTLES_MAX)
            settle_end(TAILQ_FIRST(&settles->list), "when too many others were watched");
        started = settle_start(settles, unit, &o, total_usec, serial, callers);
    }
    if (!started)
        tell_all(settles, &o, serial, callers);
}

/* --- all of them --- */

static void for_each(struct settles *settles, void (*act)(struct settle *s))
{
    struct settle *s, *next;

    for (s = TAILQ_FIRST(&settles->list); s; s = next) {
        next = TAILQ_NEXT(s, link);
        act(s);
    }
}

void settles_check(struct settles *settles)
{
    for_each(settles, settle_check);
}

void settles_lose(struct settles *settles)
{
    for_each(settles, settle_lose);
}

void settles_end(struct settles *settles, const char *cut)
{
    struct settle *s, *next;

    for (s = TAILQ_FIRST(&settles->list); s; s = next) {
        next = TAILQ_NEXT(s, link);
        settle_end(s, cut);
    }
}

void settles_free(struct settles *settles)
{
    while (!TAILQ_EMPTY(&settles->list))
        settle_free(TAILQ_FIRST(&settles->list));
}
