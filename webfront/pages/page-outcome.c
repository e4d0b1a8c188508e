/* The page that says what became of a request: the verdict first and large, then the sentence, then the
 * details. */
#include "webfront/pages/page-outcome.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "common/refusal.h"
#include "common/verb.h"

/* --- the verdict: what a row of the list has room for, and the head of a page --- */

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

/* --- the page --- */

static void write_row(struct html *html, const char *name, const char *value)
{
    html_wrapped(html, "<tr><th scope=\"row\">", name, "</th><td>");
    html_wrapped(html, "", value, "</td></tr>\n");
}

static void write_word(struct html *html, const char *name, const char *value)
{
    if (value && *value)
        write_row(html, name, value);
}

static void write_number(struct html *html, const char *name, int64_t number, const char *unit)
{
    char text[32];

    (void)snprintf(text, sizeof(text), "%" PRId64 "%s", number, unit);
    write_row(html, name, text);
}

/* Nothing for none. */
static void write_span(struct html *html, const char *name, uint64_t milliseconds)
{
    if (milliseconds > 0)
        write_number(html, name, (int64_t)milliseconds, " ms");
}

static void write_state(struct html *html, const struct wire_restart *job)
{
    if (!*job->active_state || !*job->sub_state)
        return;
    html_wrapped(html, "<tr><th scope=\"row\">State afterwards</th><td>", job->active_state, "");
    html_wrapped(html, " (", job->sub_state, ")</td></tr>\n");
}

static void write_job(struct html *html, const struct wire_restart *job)
{
    write_word(html, "Unit", job->unit);
    write_word(html, "Job result", job->result);
    write_state(html, job);
    write_word(html, "Service result", job->service_result);
    write_number(html, "Exit status", job->exec_main_status, "");
    if (job->main_pid > 0)
        write_number(html, "Main process", (int64_t)job->main_pid, "");
    write_number(html, "Time taken", (int64_t)job->milliseconds, " ms");
    write_span(html, "Held back before", job->held_milliseconds);
    write_span(html, "Watched for", job->settle_milliseconds);
    write_span(html, "Up for", job->failed_after_milliseconds);
    if (job->need_daemon_reload)
        write_row(html, "Unit file",
                  "has changed on disk, and systemd goes by the old one until 'systemctl "
                  "daemon-reload'");
    if (job->callers > 1)
        write_number(html, "Requests it answered", (int64_t)job->callers, "");
    write_word(html, "Invocation before", job->invocation_id_before);
    write_word(html, "Invocation after", job->invocation_id_after);
}

static void write_refusal(struct html *html, const struct outcome *outcome)
{
    const char *name = refusal_to_string(outcome->code);
    char text[64];

    if (outcome->kind == OUTCOME_REFUSED && name && outcome->code != REFUSAL_UNAVAILABLE)
        write_row(html, "Refused by", refusal_to_lock(outcome->code));
    (void)snprintf(text, sizeof(text), "%d%s%s", outcome->code, name ? ", " : "", name ? name : "");
    write_row(html, "Code", text);
    if (outcome->retry_after == 0)
        return;
    (void)snprintf(text, sizeof(text), "%u s", outcome->retry_after);
    write_row(html, "Try again in", text);
}

void page_write_outcome(struct html *html, const struct outcome *outcome)
{
    char words[PAGE_VERDICT_SIZE];

    page_verdict_words(outcome, words);
    html_wrapped(html, "<section class=\"outcome\" data-outcome=\"", page_verdict_name(outcome), "\">\n");
    html_wrapped(html, "<p class=\"verdict\">", words, "</p>\n");
    html_wrapped(html, "<p class=\"message\">", outcome->message, "</p>\n");
    if (outcome_has_job(outcome) && outcome->answer.restart.repeated)
        html_raw(html, "<p class=\"again\">You pressed this before: that is what came of it, and nothing was "
                       "done again. To do it once more, press on the list.</p>\n");
    html_raw(html, "<details open>\n<summary>Details</summary>\n<table>\n");
    if (outcome_has_job(outcome))
        write_job(html, &outcome->answer.restart);
    else
        write_refusal(html, outcome);
    html_raw(html, "</table>\n</details>\n</section>\n");
}

static const char *title(const struct outcome *outcome)
{
    if (outcome->code == REFUSAL_HTTP || outcome->code == REFUSAL_CROSS_SITE)
        return "Request refused";
    return outcome->verb == VERB_RELOAD ? "Reload" : "Restart";
}

char *page_outcome(const struct page_site *site, const struct outcome *outcome, const char *asked,
                   size_t *ret_size)
{
    struct html html;

    if (html_begin(&html) < 0)
        return NULL;
    page_begin(&html, site, title(outcome), asked);
    page_write_outcome(&html, outcome);
    if (!site->foreign)
        html_raw(&html, "<p><a class=\"button\" href=\"/\">Back to the list</a></p>\n");
    page_end(&html, site);
    return html_end(&html, ret_size);
}
