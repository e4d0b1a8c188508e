/* The page that says what became of a request: the verdict first and large, then the sentence, then the
 * details. */
#include <stdlib.h>

#include "common/cleanup.h"
#include "common/refusal.h"
#include "common/rpc.h"
#include "webfront/page-internal.h"

static const struct verdict {
    const char *name, *words;
} VERDICTS[] = {
    [OUTCOME_SUCCEEDED] = { "succeeded", "Restarted" },
    [OUTCOME_FAILED] = { "failed", "The restart failed" },
    [OUTCOME_REFUSED] = { "refused", "Not restarted" },
    [OUTCOME_UNKNOWN] = { "unknown", "It is not known what happened" },
};

/* Refusals by HTTP's own rules may have been about reading something. */
static const char *verdict_words(const struct outcome *outcome)
{
    switch (outcome->code == REFUSAL_HTTP ? outcome->status : 0) {
    case 404:
        return "There is no such page";
    case 405:
        return "This address cannot do that";
    case 421:
        return "Not under this name";
    default:
        return VERDICTS[outcome->kind].words;
    }
}

static void write_row(struct html *html, const char *name, const char *value)
{
    html_wrapped(html, "<tr><th scope=\"row\">", name, "</th><td>");
    html_wrapped(html, "", value, "</td></tr>\n");
}

static void write_string(struct html *html, const char *name, xmlrpc_value *value, const char *key)
{
    _cleanup_(freep) char *text = NULL;

    if (rpc_get_string(value, key, &text) && *text)
        write_row(html, name, text);
}

static void write_int(struct html *html, const char *name, xmlrpc_value *value, const char *key,
                      const char *unit)
{
    char text[32];
    int number;

    if (!rpc_get_int(value, key, &number))
        return;
    (void)snprintf(text, sizeof(text), "%d%s", number, unit);
    write_row(html, name, text);
}

static void write_state(struct html *html, xmlrpc_value *value)
{
    _cleanup_(freep) char *active = NULL, *sub = NULL;

    if (!rpc_get_string(value, "active_state", &active) || !rpc_get_string(value, "sub_state", &sub))
        return;
    html_wrapped(html, "<tr><th scope=\"row\">State afterwards</th><td>", active, "");
    html_wrapped(html, " (", sub, ")</td></tr>\n");
}

static void write_main_pid(struct html *html, xmlrpc_value *value)
{
    int pid;

    if (rpc_get_int(value, "main_pid", &pid) && pid > 0)
        write_int(html, "Main process", value, "main_pid", "");
}

static void write_callers(struct html *html, xmlrpc_value *value)
{
    int callers;

    if (rpc_get_int(value, "callers", &callers) && callers > 1)
        write_int(html, "Requests it answered", value, "callers", "");
}

static void write_job(struct html *html, xmlrpc_value *value)
{
    write_string(html, "Unit", value, "unit");
    write_string(html, "Job result", value, "result");
    write_state(html, value);
    write_string(html, "Service result", value, "service_result");
    write_int(html, "Exit status", value, "exec_main_status", "");
    write_main_pid(html, value);
    write_int(html, "Time taken", value, "milliseconds", " ms");
    write_callers(html, value);
    write_string(html, "Invocation before", value, "invocation_id_before");
    write_string(html, "Invocation after", value, "invocation_id_after");
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
    html_wrapped(html, "<section class=\"outcome\" data-outcome=\"", VERDICTS[outcome->kind].name, "\">\n");
    html_wrapped(html, "<p class=\"verdict\">", verdict_words(outcome), "</p>\n");
    html_wrapped(html, "<p class=\"message\">", outcome->message, "</p>\n");
    html_raw(html, "<details open>\n<summary>Details</summary>\n<table>\n");
    if (outcome->value)
        write_job(html, outcome->value);
    else
        write_refusal(html, outcome);
    html_raw(html, "</table>\n</details>\n</section>\n");
}

char *page_outcome(const struct page_site *site, const struct outcome *outcome, const char *name,
                   size_t *ret_size)
{
    struct html html;

    if (html_begin(&html) < 0)
        return NULL;
    page_begin(&html, site, outcome->code == REFUSAL_HTTP ? "Request refused" : "Restart", name);
    page_write_outcome(&html, outcome);
    if (!site->foreign)
        html_raw(&html, "<p><a class=\"button\" href=\"/\">Back to the list</a></p>\n");
    page_end(&html, site);
    return html_end(&html, ret_size);
}
