/* What became of a request, in a few words: what a row of the list has room for, and the head of a page. */
#include "webfront/pages/page-verdict.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "common/refusal.h"
#include "common/verb.h"

/* "40 ms", "2.5 s". */
static void format_span(uint64_t milliseconds, char *ret, size_t size)
{
    if (milliseconds < 1000)
        (void)snprintf(ret, size, "%" PRIu64 " ms", milliseconds);
    else
        (void)snprintf(ret, size, "%" PRIu64 ".%" PRIu64 " s", milliseconds / 1000,
                       milliseconds % 1000 / 100);
}

static bool verdict_is(const struct wire_restart *job, const char *word)
{
    return job->verdict && strcmp(job->verdict, word) == 0;
}

static bool was_reloaded(const struct wire_restart *job)
{
    return job->done && strcmp(job->done, "reload") == 0;
}

static void say_well(const struct wire_restart *job, char *ret, size_t size)
{
    const char *done = was_reloaded(job) ? "Reloaded" : "Restarted";
    char span[32];

    format_span(job->milliseconds, span, sizeof(span));
    if (verdict_is(job, "watching"))
        (void)snprintf(ret, size, "%s in %s, watching it\u2026", done, span);
    else if (verdict_is(job, "well-ended"))
        (void)snprintf(ret, size, "Ran to its good end");
    else if (verdict_is(job, "not-running"))
        (void)snprintf(ret, size, "Did not run: nothing was done");
    else if (job->settle_milliseconds > 0)
        (void)snprintf(ret, size, "%s in %s, and still up", done, span);
    else
        (void)snprintf(ret, size, job->milliseconds > 0 ? "%s in %s" : "%s", done, span);
}

static void say_badly(const struct wire_restart *job, char *ret, size_t size)
{
    char span[32];

    format_span(job->failed_after_milliseconds, span, sizeof(span));
    if (verdict_is(job, "failed"))
        (void)snprintf(ret, size, "%s and failed after %s", was_reloaded(job) ? "Reloaded" : "Came up", span);
    else if (verdict_is(job, "ended"))
        (void)snprintf(ret, size, "%s and ended after %s", was_reloaded(job) ? "Reloaded" : "Came up", span);
    else if (verdict_is(job, "not-reloaded"))
        (void)snprintf(ret, size, "The reload failed: it is up as before");
    else if (verdict_is(job, "restarting"))
        (void)snprintf(ret, size, "Fails again and again");
    else if (job->exec_main_status != 0)
        (void)snprintf(ret, size, "The restart failed (exit status %d)", job->exec_main_status);
    else
        (void)snprintf(ret, size, "The restart failed");
}

/* Refusals by HTTP's own rules may have been about reading something. */
static void say_refused(const struct outcome *outcome, char *ret, size_t size)
{
    const char *words = "Not restarted";

    if (outcome->verb == 0)
        words = "Nothing was done";
    else if (outcome->verb == VERB_RELOAD)
        words = "Not reloaded";
    if (outcome->code == REFUSAL_HTTP && outcome->status == 404)
        words = "There is no such page";
    else if (outcome->code == REFUSAL_HTTP && outcome->status == 405)
        words = "This address cannot do that";
    else if (outcome->code == REFUSAL_HTTP && outcome->status == 421)
        words = "Not under this name";
    (void)snprintf(ret, size, outcome->retry_after > 0 ? "%s: try again in %u s" : "%s", words,
                   outcome->retry_after);
}

void page_verdict_words(const struct outcome *outcome, char ret[static PAGE_VERDICT_SIZE])
{
    switch (outcome->kind) {
    case OUTCOME_SUCCEEDED:
        say_well(&outcome->answer.restart, ret, PAGE_VERDICT_SIZE);
        break;
    case OUTCOME_FAILED:
        say_badly(&outcome->answer.restart, ret, PAGE_VERDICT_SIZE);
        break;
    case OUTCOME_REFUSED:
        say_refused(outcome, ret, PAGE_VERDICT_SIZE);
        break;
    default:
        (void)snprintf(ret, PAGE_VERDICT_SIZE, "It is not known what happened");
    }
}

const char *page_verdict_name(const struct outcome *outcome)
{
    static const char *const NAMES[] = {
        [OUTCOME_SUCCEEDED] = "succeeded",
        [OUTCOME_FAILED] = "failed",
        [OUTCOME_REFUSED] = "refused",
        [OUTCOME_UNKNOWN] = "unknown",
    };

    if (outcome->kind == OUTCOME_SUCCEEDED && verdict_is(&outcome->answer.restart, "watching"))
        return "watching";
    return NAMES[outcome->kind];
}
