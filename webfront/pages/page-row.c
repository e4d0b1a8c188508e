/* The row is assets/row.html. It depends on nothing but the instance and the language, so that it has the
 * same bytes wherever it is made. */
#include "webfront/pages/page-row.h"

#include <stdbool.h>
#include <string.h>
#include <time.h>

#include "common/unit-group.h"
#include "common/verb.h"
#include "webfront/pages/span.h"
#include "webfront/pages/templates.h"

static bool is(const char *text, const char *word)
{
    return text && strcmp(text, word) == 0;
}

static enum unit_group group_of(const struct wire_instance *instance)
{
    return unit_group_of(instance->active_state, instance->sub_state);
}

/* The colour of a state; the word itself is always there too. */
static const char *state_class(enum unit_group group)
{
    static const char *const CLASSES[UNIT_GROUPS] = {
        [UNIT_GROUP_NONE] = "off",     [UNIT_GROUP_FAILED] = "bad",  [UNIT_GROUP_RESTARTING] = "busy",
        [UNIT_GROUP_RUNNING] = "good", [UNIT_GROUP_STOPPED] = "off",
    };

    return CLASSES[group];
}

static enum word state_word(const struct wire_instance *instance)
{
    switch (group_of(instance)) {
    case UNIT_GROUP_FAILED:
        return WORD_FAILED;
    case UNIT_GROUP_RUNNING:
        return is(instance->sub_state, "exited") ? WORD_ACTIVE : WORD_RUNNING;
    case UNIT_GROUP_RESTARTING:
        if (is(instance->active_state, "deactivating"))
            return WORD_STOPPING;
        return is(instance->sub_state, "auto-restart") ? WORD_ON_ITS_WAY : WORD_STARTING;
    default:
        return WORD_STOPPED;
    }
}

/* systemd's finer word, where it says more: why it failed, or what a running one is at. */
static const char *finer_word(const struct wire_instance *instance)
{
    static const char *const USUAL[] = { "running", "dead", "failed", "start", "stop", "auto-restart" };

    if (group_of(instance) == UNIT_GROUP_FAILED && html_has(instance->service_result) &&
        !is(instance->service_result, "success"))
        return instance->service_result;
    for (size_t i = 0; i < sizeof(USUAL) / sizeof(*USUAL); i++)
        if (is(instance->sub_state, USUAL[i]))
            return NULL;
    return instance->sub_state;
}

/* "example@1234.service" with what tells it from its neighbours in bold. */
static void write_unit(struct html *html, const void *data)
{
    const char *unit = data, *at = strchr(unit, '@'), *dot = strrchr(unit, '.');
    char before[256], instance[256];

    if (!at || !dot || dot < at || strlen(unit) >= sizeof(before)) {
        html_text(html, unit);
        return;
    }
    *stpncpy(before, unit, (size_t)(at + 1 - unit)) = '\0';
    *stpncpy(instance, at + 1, (size_t)(dot - at - 1)) = '\0';
    template_unit(html, &(struct template_unit){ before, instance, dot });
}

/* What is unusual about how the unit is set up; WORD_MAX for the usual case. */
static enum word setup_note(const struct wire_instance *instance)
{
    if (is(instance->load_state, "masked"))
        return WORD_MASKED;
    if (!*instance->load_state)
        return instance->enabled ? WORD_ENABLED_NOT_LOADED : WORD_NOT_LOADED;
    if (!is(instance->load_state, "loaded"))
        return WORD_COULD_NOT_BE_LOADED;
    if (is(instance->active_state, "inactive"))
        return instance->enabled ? WORD_ENABLED : WORD_NOT_ENABLED;
    return WORD_MAX;
}

void page_format_time(uint64_t seconds, char ret_iso[static PAGE_ISO_SIZE],
                      char ret_clock[static PAGE_CLOCK_SIZE])
{
    time_t at = (time_t)seconds;
    struct tm tm;

    *ret_iso = *ret_clock = '\0';
    if (seconds == 0 || !gmtime_r(&at, &tm) ||
        strftime(ret_iso, PAGE_ISO_SIZE, "%Y-%m-%dT%H:%M:%SZ", &tm) == 0 ||
        strftime(ret_clock, PAGE_CLOCK_SIZE, "%Y-%m-%d %H:%M UTC", &tm) == 0)
        *ret_iso = *ret_clock = '\0';
}

static void write_since(struct html *html, const void *data)
{
    const struct wire_instance *instance = data;
    char iso[PAGE_ISO_SIZE], clock[PAGE_CLOCK_SIZE];

    page_format_time(instance->since, iso, clock);
    if (*iso)
        template_since(html, &(struct template_since){ .iso = iso, .clock = clock });
}

/* It is said where it ended badly; which way, the unit's own page says. */
static bool ended_badly(const char *verdict)
{
    return is(verdict, "failed") || is(verdict, "ended") || is(verdict, "down") || is(verdict, "restarting");
}

static void write_last(struct html *html, const void *data)
{
    const struct wire_instance *instance = data;
    char iso[PAGE_ISO_SIZE], clock[PAGE_CLOCK_SIZE];

    page_format_time(instance->restarted_at, iso, clock);
    if (*iso)
        template_last(html, &(struct template_last){
                                .iso = iso,
                                .clock = clock,
                                .by = instance->restarted_by,
                                .verdict = ended_badly(instance->restarted_verdict)
                                               ? language_text(html->language, WORD_IT_FAILED)
                                               : NULL,
                            });
}

void page_write_row(struct html *html, const struct wire_instance *instance)
{
    enum word note = setup_note(instance);
    char usual[SPAN_SIZE];

    template_row(html, &(struct template_row){
                           .far = html->machine,
                           .unit = instance->unit,
                           .group = unit_group_to_string(group_of(instance)),
                           .usual = span_format_known(html->language, instance->usual_milliseconds, usual),
                           .unit_parts = { write_unit, instance->unit },
                           .description = instance->description,
                           .note = note == WORD_MAX ? NULL : language_text(html->language, note),
                           .colour = state_class(group_of(instance)),
                           .state = language_text(html->language, state_word(instance)),
                           .finer = finer_word(instance),
                           .since = { instance->since > 0 ? write_since : NULL, instance },
                           .last = { write_last, instance },
                           .confirm = instance->confirm,
                           .may_restart = instance->verbs & VERB_RESTART,
                           .may_reload = (instance->verbs & VERB_RELOAD) && instance->can_reload,
                       });
}
