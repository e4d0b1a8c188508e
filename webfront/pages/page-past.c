/* The verdicts' words are the page's; a reason is whoever's it was. */
#include "webfront/pages/page-past.h"

#include <string.h>

#include "webfront/pages/span.h"
#include "webfront/pages/templates.h"
#include "webfront/pages/time-text.h"

static bool is(const char *text, const char *word)
{
    return text && strcmp(text, word) == 0;
}

static bool is_good(const char *verdict)
{
    return is(verdict, "up") || is(verdict, "well-ended") || is(verdict, "watching");
}

static enum word verdict_word(const struct wire_past_entry *entry)
{
    bool reload = is(entry->verb, "reload");

    if (is(entry->verdict, "not-running"))
        return WORD_DID_NOT_RUN;
    if (!html_has(entry->verdict))
        return WORD_NOT_KNOWN;
    if (is_good(entry->verdict))
        return reload ? WORD_RELOADED : WORD_RESTARTED;
    return reload ? WORD_PAST_RELOAD_FAILED : WORD_PAST_RESTART_FAILED;
}

static const char *kind(const struct wire_past_entry *entry)
{
    if (!html_has(entry->verdict))
        return "unknown";
    return is_good(entry->verdict) || is(entry->verdict, "not-running") ? "succeeded" : "failed";
}

static void write_entry(struct html *html, const struct wire_past_entry *entry, bool with_unit)
{
    const struct time_text at = time_text_of(entry->at);
    char took[SPAN_SIZE];

    template_past_entry(
        html,
        &(struct template_past_entry){
            .far = html->machine,
            .kind = kind(entry),
            .iso = at.iso,
            .clock = at.clock,
            .unit = with_unit ? entry->unit : NULL,
            .verdict = language_text(html->language, verdict_word(entry)),
            .took = span_format_known(html->language, entry->milliseconds, took),
            .who = html_has(entry->user) ? entry->user : language_text(html->language, WORD_PAST_NOBODY),
            .reason = entry->reason,
        });
}

static size_t shown(const struct page_past *page)
{
    size_t n = page->past->n_entries;

    return page->most > 0 && n > page->most ? page->most : n;
}

static void write_entries(struct html *html, const void *data)
{
    const struct page_past *page = data;

    for (size_t i = 0; page->past && i < shown(page); i++)
        write_entry(html, &page->past->entries[i], page->with_units);
}

void page_write_past(struct html *html, const void *data)
{
    const struct page_past *page = data;

    template_past(html, &(struct template_past){
                            .problem = page->past ? NULL : page->problem,
                            .none = page->past && page->past->n_entries == 0,
                            .more = page->past && page->past->more && page->most == 0,
                            .entries = { write_entries, page },
                        });
}
