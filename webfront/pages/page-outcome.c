/* The page that says what became of a request: the verdict first and large, then the sentence, then the
 * details. */
#include "webfront/pages/page-outcome.h"

#include <inttypes.h>
#include <stdio.h>

#include "common/refusal.h"
#include "common/verb.h"
#include "webfront/pages/page-verdict.h"

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
