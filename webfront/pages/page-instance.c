/* What systemd and the unit say of it is shown as it is, in its own words; only how it ended is put into
 * ours. */
#include "webfront/pages/page-instance.h"

#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "common/cleanup.h"
#include "common/refusal.h"
#include "common/verb.h"
#include "webfront/pages/page-outcome.h"
#include "webfront/pages/page-past.h"
#include "webfront/pages/span.h"
#include "webfront/pages/state.h"
#include "webfront/pages/templates.h"
#include "webfront/pages/time-text.h"

enum {
    WHY_SIZE = 256,
    GRAVE = 3, /* of a line's priority: an error, and what is worse */
};

static bool is(const char *text, const char *word)
{
    return text && strcmp(text, word) == 0;
}

/* --- why --- */

static enum word ended_word(const struct wire_status *status)
{
    if (is(status->exec_main_code, "dumped"))
        return WORD_WHY_DUMPED;
    return is(status->exec_main_code, "killed") ? WORD_WHY_KILLED : WORD_WHY_STATUS;
}

/* "SEGV" of 11, as people know it. */
static void format_ending(const struct wire_status *status, char *ret, size_t size)
{
    const char *signal = is(status->exec_main_code, "exited") ? NULL : sigabbrev_np(status->exec_main_status);

    if (signal)
        (void)snprintf(ret, size, "SIG%s", signal);
    else
        (void)snprintf(ret, size, "%d", status->exec_main_status);
}

/* Why it failed; "" when it has not, or did not say. */
static void format_why(const struct wire_status *status, enum language language, char ret[static WHY_SIZE])
{
    bool failed = html_has(status->service_result) && !is(status->service_result, "success");
    char number[32];
    const struct word_hole holes[] = { { "number", number },
                                       { "result", status->service_result },
                                       { NULL, NULL } };

    *ret = '\0';
    if (!failed)
        return;
    format_ending(status, number, sizeof(number));
    language_format(language,
                    html_has(status->exec_main_code) && status->exec_main_status != 0 ? ended_word(status)
                                                                                      : WORD_WHY_RESULT,
                    holes, ret, WHY_SIZE);
}

/* --- what systemd says --- */

static void write_fact(struct html *html, enum word name, const char *value)
{
    if (html_has(value))
        template_detail(html, &(struct template_detail){ language_text(html->language, name), value });
}

static void write_number(struct html *html, enum word name, int64_t number)
{
    char text[32];

    (void)snprintf(text, sizeof(text), "%" PRId64, number);
    write_fact(html, name, text);
}

static void write_facts(struct html *html, const void *data)
{
    const struct wire_status *status = data;
    char state[256];

    (void)snprintf(state, sizeof(state), "%s, %s (%s)", status->load_state, status->active_state,
                   status->sub_state);
    write_fact(html, WORD_UNIT_STATE, state);
    write_fact(html, WORD_SERVICE_RESULT, status->service_result);
    write_number(html, WORD_EXIT_STATUS, status->exec_main_status);
    if (status->main_pid > 0)
        write_number(html, WORD_MAIN_PROCESS, (int64_t)status->main_pid);
    write_fact(html, WORD_UNIT_FILE, status->enabled);
    write_fact(html, WORD_UNIT_INVOCATION, status->invocation_id);
}

/* --- what it logged --- */

static void write_lines(struct html *html, const void *data)
{
    const struct wire_lines *lines = data;

    for (size_t i = 0; lines && i < lines->n_lines; i++) {
        const struct wire_line *line = &lines->lines[i];
        const struct time_text at = time_text_of(line->at);

        template_line(html, &(struct template_line){ .grave = line->priority <= GRAVE,
                                                     .iso = at.iso,
                                                     .clock = at.clock,
                                                     .text = line->text });
    }
}

static void write_more(struct html *html, const void *data)
{
    const struct page_instance *instance = data;
    const struct page_past past = { .past = instance->past, .problem = instance->past_problem };

    if (instance->lines || instance->lines_problem)
        template_lines(html, &(struct template_lines){
                                 .problem = instance->lines_problem,
                                 .none = instance->lines && instance->lines->n_lines == 0,
                                 .lines = { write_lines, instance->lines },
                             });
    if (instance->past || instance->past_problem)
        page_write_past(html, &past);
}

static void write_lost(struct html *html, _unused_ const void *data)
{
    const struct outcome lost = outcome_refused(REFUSAL_UNKNOWN, "No answer came back. " OUTCOME_LOOK_FIRST);

    page_write_outcome(html, &lost);
}

static void write_instance(struct html *html, const void *data)
{
    const struct page_instance *instance = data;
    const struct wire_status *status = instance->status;
    const struct time_text since = time_text_of(status->since);
    bool finer = !is(status->sub_state, status->active_state);
    char why[WHY_SIZE], seconds[32], usual[SPAN_SIZE];

    format_why(status, html->language, why);
    (void)snprintf(seconds, sizeof(seconds), "%" PRIu64, status->start_limit_seconds);
    template_instance(html, &(struct template_instance){
                                .far = html->machine,
                                .unit = status->unit,
                                .usual = span_format_known(html->language, status->usual_milliseconds, usual),
                                .description = status->description,
                                .colour = state_colour(status->active_state),
                                .active_state = status->active_state,
                                .sub_state = finer ? status->sub_state : NULL,
                                .iso = since.iso,
                                .clock = since.clock,
                                .confirm = status->confirm,
                                .may_restart = status->verbs & VERB_RESTART,
                                .may_reload = (status->verbs & VERB_RELOAD) && status->can_reload,
                                .why = why,
                                .status_text = status->status_text,
                                .wait = status->start_limit_seconds > 0,
                                .seconds = seconds,
                                .on_disk = status->need_daemon_reload,
                                .facts = { write_facts, status },
                                .more = { write_more, instance },
                                .lost = { write_lost, NULL },
                            });
}

char *page_instance(const struct page_site *site, const struct page_instance *instance, size_t *ret_size)
{
    const struct page_body page = {
        .title = instance->status->unit,
        .scripted = true,
        .content = { write_instance, instance },
    };

    return page_write(site, &page, ret_size);
}
