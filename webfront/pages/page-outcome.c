/* The page that says what became of a request: the verdict first and large, then the sentence, then the
 * details. */
#include "webfront/pages/page-outcome.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "common/refusal.h"
#include "common/verb.h"
#include "webfront/pages/span.h"
#include "webfront/pages/templates.h"

/* --- the verdict: what a row of the list has room for, and the head of a page --- */

struct verdict {
    enum language language;
    char *words; /* PAGE_VERDICT_SIZE bytes */
};

static bool verdict_is(const struct wire_restart *job, const char *word)
{
    return job->verdict && strcmp(job->verdict, word) == 0;
}

static bool was_reloaded(const struct wire_restart *job)
{
    return job->done && strcmp(job->done, "reload") == 0;
}

static void say_span(struct verdict *verdict, enum word word, uint64_t milliseconds)
{
    char span[SPAN_SIZE];
    const struct word_hole holes[] = { { "span", span_format(verdict->language, milliseconds, span) },
                                       { NULL, NULL } };

    language_format(verdict->language, word, holes, verdict->words, PAGE_VERDICT_SIZE);
}

static void say_number(struct verdict *verdict, enum word word, int64_t number)
{
    char text[32];
    const struct word_hole holes[] = { { "number", text }, { NULL, NULL } };

    (void)snprintf(text, sizeof(text), "%" PRId64, number);
    language_format(verdict->language, word, holes, verdict->words, PAGE_VERDICT_SIZE);
}

static void say(struct verdict *verdict, enum word word)
{
    language_format(verdict->language, word, NULL, verdict->words, PAGE_VERDICT_SIZE);
}

static void say_well(struct verdict *verdict, const struct wire_restart *job)
{
    bool reloaded = was_reloaded(job);

    if (verdict_is(job, "watching"))
        say_span(verdict, reloaded ? WORD_RELOADED_WATCHING : WORD_RESTARTED_WATCHING, job->milliseconds);
    else if (verdict_is(job, "well-ended"))
        say(verdict, WORD_RAN_TO_GOOD_END);
    else if (verdict_is(job, "not-running"))
        say(verdict, WORD_DID_NOT_RUN);
    else if (job->settle_milliseconds > 0)
        say_span(verdict, reloaded ? WORD_RELOADED_STILL_UP : WORD_RESTARTED_STILL_UP, job->milliseconds);
    else if (job->milliseconds > 0)
        say_span(verdict, reloaded ? WORD_RELOADED_IN : WORD_RESTARTED_IN, job->milliseconds);
    else
        say(verdict, reloaded ? WORD_RELOADED : WORD_RESTARTED);
}

static void say_badly(struct verdict *verdict, const struct wire_restart *job)
{
    bool reloaded = was_reloaded(job);

    if (verdict_is(job, "failed"))
        say_span(verdict, reloaded ? WORD_RELOADED_AND_FAILED : WORD_CAME_UP_AND_FAILED,
                 job->failed_after_milliseconds);
    else if (verdict_is(job, "ended"))
        say_span(verdict, reloaded ? WORD_RELOADED_AND_ENDED : WORD_CAME_UP_AND_ENDED,
                 job->failed_after_milliseconds);
    else if (verdict_is(job, "not-reloaded"))
        say(verdict, WORD_RELOAD_FAILED);
    else if (verdict_is(job, "restarting"))
        say(verdict, WORD_FAILS_AGAIN);
    else if (job->exec_main_status != 0)
        say_number(verdict, WORD_RESTART_FAILED_STATUS, job->exec_main_status);
    else
        say(verdict, WORD_RESTART_FAILED);
}

static void say_under_way(struct verdict *verdict, const struct wire_restart *job)
{
    bool reload = job->verb && strcmp(job->verb, "reload") == 0;
    char span[SPAN_SIZE], usual[SPAN_SIZE];
    const struct word_hole holes[] = { { "span", span_format(verdict->language, job->milliseconds, span) },
                                       { "usual",
                                         span_format(verdict->language, job->usual_milliseconds, usual) },
                                       { NULL, NULL } };

    if (job->usual_milliseconds > 0)
        language_format(verdict->language, WORD_RESTARTING_FOR_USUALLY, holes, verdict->words,
                        PAGE_VERDICT_SIZE);
    else
        say_span(verdict, reload ? WORD_RELOADING_FOR : WORD_RESTARTING_FOR, job->milliseconds);
}

/* Refusals by HTTP's own rules may have been about reading something. */
static enum word refused_word(const struct outcome *outcome)
{
    if (outcome->code == REFUSAL_HTTP && outcome->status == 404)
        return WORD_NO_SUCH_PAGE;
    if (outcome->code == REFUSAL_HTTP && outcome->status == 405)
        return WORD_CANNOT_DO_THAT;
    if (outcome->code == REFUSAL_HTTP && outcome->status == 421)
        return WORD_NOT_UNDER_THIS_NAME;
    if (outcome->code == REFUSAL_NO_PRESS)
        return WORD_PRESS_NOT_KNOWN;
    if (outcome->verb == 0)
        return WORD_NOTHING_DONE;
    return outcome->verb == VERB_RELOAD ? WORD_NOT_RELOADED : WORD_NOT_RESTARTED;
}

static void say_refused(struct verdict *verdict, const struct outcome *outcome)
{
    char seconds[16];
    const struct word_hole holes[] = {
        { "verdict", language_text(verdict->language, refused_word(outcome)) },
        { "seconds", seconds },
        { NULL, NULL },
    };

    (void)snprintf(seconds, sizeof(seconds), "%u", outcome->retry_after);
    if (outcome->code == REFUSAL_LOGIN)
        language_format(verdict->language, WORD_LOG_IN_FIRST, holes, verdict->words, PAGE_VERDICT_SIZE);
    else if (outcome->retry_after > 0)
        language_format(verdict->language, WORD_AGAIN_IN, holes, verdict->words, PAGE_VERDICT_SIZE);
    else
        say(verdict, refused_word(outcome));
}

void page_verdict_words(const struct outcome *outcome, enum language language,
                        char ret[static PAGE_VERDICT_SIZE])
{
    struct verdict verdict = { language, ret };

    switch (outcome->kind) {
    case OUTCOME_SUCCEEDED:
        say_well(&verdict, &outcome->answer.restart);
        break;
    case OUTCOME_FAILED:
        say_badly(&verdict, &outcome->answer.restart);
        break;
    case OUTCOME_REFUSED:
        say_refused(&verdict, outcome);
        break;
    case OUTCOME_UNDER_WAY:
        say_under_way(&verdict, &outcome->answer.restart);
        break;
    default:
        say(&verdict, WORD_NOT_KNOWN);
    }
}

const char *page_verdict_name(const struct outcome *outcome)
{
    static const char *const NAMES[] = {
        [OUTCOME_SUCCEEDED] = "succeeded", [OUTCOME_FAILED] = "failed",       [OUTCOME_REFUSED] = "refused",
        [OUTCOME_UNKNOWN] = "unknown",     [OUTCOME_UNDER_WAY] = "under-way",
    };

    if (outcome->kind == OUTCOME_SUCCEEDED && verdict_is(&outcome->answer.restart, "watching"))
        return "watching";
    return NAMES[outcome->kind];
}

/* --- the page --- */

static void write_row(struct html *html, enum word name, const char *value)
{
    template_detail(html, &(struct template_detail){ language_text(html->language, name), value });
}

static void write_word(struct html *html, enum word name, const char *value)
{
    if (html_has(value))
        write_row(html, name, value);
}

static void write_number(struct html *html, enum word name, int64_t number, const char *unit)
{
    char text[32];

    (void)snprintf(text, sizeof(text), "%" PRId64 "%s", number, unit);
    write_row(html, name, text);
}

/* Nothing for none. */
static void write_span(struct html *html, enum word name, uint64_t milliseconds)
{
    if (milliseconds > 0)
        write_number(html, name, (int64_t)milliseconds, " ms");
}

static void write_state(struct html *html, const struct wire_restart *job)
{
    char text[256];

    if (!*job->active_state || !*job->sub_state)
        return;
    (void)snprintf(text, sizeof(text), "%s (%s)", job->active_state, job->sub_state);
    write_row(html, WORD_STATE_AFTERWARDS, text);
}

static void write_job(struct html *html, const struct wire_restart *job)
{
    write_word(html, WORD_UNIT, job->unit);
    write_word(html, WORD_JOB_RESULT, job->result);
    write_state(html, job);
    write_word(html, WORD_SERVICE_RESULT, job->service_result);
    write_number(html, WORD_EXIT_STATUS, job->exec_main_status, "");
    if (job->main_pid > 0)
        write_number(html, WORD_MAIN_PROCESS, (int64_t)job->main_pid, "");
    write_number(html, WORD_TIME_TAKEN, (int64_t)job->milliseconds, " ms");
    write_span(html, WORD_HELD_BACK, job->held_milliseconds);
    write_span(html, WORD_WATCHED_FOR, job->settle_milliseconds);
    write_span(html, WORD_UP_FOR, job->failed_after_milliseconds);
    if (job->need_daemon_reload)
        write_row(html, WORD_UNIT_FILE, language_text(html->language, WORD_CHANGED_ON_DISK));
    if (job->callers > 1)
        write_number(html, WORD_REQUESTS_ANSWERED, (int64_t)job->callers, "");
    write_word(html, WORD_INVOCATION_BEFORE, job->invocation_id_before);
    write_word(html, WORD_INVOCATION_AFTER, job->invocation_id_after);
}

static void write_refusal(struct html *html, const struct outcome *outcome)
{
    const char *name = refusal_to_string(outcome->code);
    char text[64];

    if (outcome->kind == OUTCOME_REFUSED && name && outcome->code != REFUSAL_UNAVAILABLE)
        write_row(html, WORD_REFUSED_BY, refusal_to_lock(outcome->code));
    (void)snprintf(text, sizeof(text), "%d%s%s", outcome->code, name ? ", " : "", name ? name : "");
    write_row(html, WORD_CODE, text);
    if (outcome->retry_after > 0)
        write_number(html, WORD_TRY_AGAIN_IN, outcome->retry_after, " s");
}

static void write_details(struct html *html, const void *data)
{
    const struct outcome *outcome = data;

    if (outcome_has_job(outcome))
        write_job(html, &outcome->answer.restart);
    else
        write_refusal(html, outcome);
}

static void write_why(struct html *html, const void *data)
{
    const struct outcome *outcome = data;
    const char *verb = verb_to_string(outcome->verb);

    if (outcome->code == REFUSAL_REASON && outcome->id && verb)
        template_why(html, &(struct template_why){
                               .far = html->machine,
                               .id = outcome->id,
                               .verb = verb,
                               .press = outcome->press,
                               .is_reload = outcome->verb == VERB_RELOAD,
                           });
}

/* Something is still to come. */
static bool is_going_on(const struct outcome *outcome)
{
    return outcome->kind == OUTCOME_UNDER_WAY ||
           (outcome->kind == OUTCOME_SUCCEEDED && verdict_is(&outcome->answer.restart, "watching"));
}

static const char *next_text(const struct outcome *outcome, enum language language)
{
    if (is_going_on(outcome))
        return language_text(language, WORD_NEXT_WAIT);
    return outcome->kind == OUTCOME_FAILED ? language_text(language, WORD_NEXT_LOOK) : NULL;
}

static const char *covered_by(const struct outcome *outcome)
{
    return outcome_has_job(outcome) && outcome->answer.restart.covered ? outcome->answer.restart.began_by
                                                                       : NULL;
}

void page_write_outcome(struct html *html, const struct outcome *outcome)
{
    char words[PAGE_VERDICT_SIZE];
    const char *by = covered_by(outcome);

    page_verdict_words(outcome, html->language, words);
    template_outcome(
        html, &(struct template_outcome){
                  .kind = page_verdict_name(outcome),
                  .verdict = words,
                  .message = outcome->message,
                  .covered_by = by,
                  .covered = outcome_has_job(outcome) && outcome->answer.restart.covered && !html_has(by),
                  .next = next_text(outcome, html->language),
                  .repeated = outcome_has_job(outcome) && outcome->answer.restart.repeated,
                  .why = { write_why, outcome },
                  .log_in = outcome->code == REFUSAL_LOGIN,
                  .details = { write_details, outcome },
              });
}

static enum word title(const struct outcome *outcome)
{
    if (outcome->code == REFUSAL_HTTP || outcome->code == REFUSAL_CROSS_SITE)
        return WORD_REQUEST_REFUSED;
    return outcome->verb == VERB_RELOAD ? WORD_RELOAD : WORD_RESTART;
}

/* Seldom enough to be read, and more seldom the longer it takes. */
static unsigned refresh_seconds(const struct wire_restart *job)
{
    return job->milliseconds < 10000 ? 2 : 5;
}

static void write_outcome(struct html *html, const void *data)
{
    page_write_outcome(html, data);
}

static void write_outcome_and_back(struct html *html, const void *data)
{
    const struct outcome *outcome = data;

    page_write_outcome(html, outcome);
    template_back(html, &(struct template_back){
                            .far = html->machine,
                            .unit = outcome_has_job(outcome) ? outcome->answer.restart.unit : NULL });
}

char *page_outcome(const struct page_site *site, const struct outcome *outcome, const char *asked,
                   size_t *ret_size)
{
    const struct page_body page = {
        .title = language_text(site->language, title(outcome)),
        .name = asked,
        .refresh = is_going_on(outcome) ? refresh_seconds(&outcome->answer.restart) : 0,
        .scripted = is_going_on(outcome),
        .content = { site->foreign ? write_outcome : write_outcome_and_back, outcome },
    };

    return page_write(site, &page, ret_size);
}
