/* A line a thing, its words with one blank between two, the last one up to the end of the line:
 *
 *   restarter-rolling 1
 *   verb restart
 *   place
 *   word web@*
 *   unit done - web@1.service
 *   unit under-way PRESS web@2.service
 *   unit pausing INVOCATION web@3.service
 *   end
 */
#include "cli/rolling/record.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/cleanup.h"
#include "common/text.h"
#include "common/unit-name.h"
#include "common/verb.h"

#define FIRST "restarter-rolling "
#define VERSION_NUMBER "1"
#define NOTHING "-"

static const char *const PHASES[ROLLING_PHASES] = {
    [ROLLING_WAITING] = "waiting", [ROLLING_UNDER_WAY] = "under-way", [ROLLING_PAUSING] = "pausing",
    [ROLLING_DONE] = "done",       [ROLLING_FAILED] = "failed",       [ROLLING_REFUSED] = "refused",
    [ROLLING_LEFT] = "left",
};

/* --- writing --- */

static const char *mark_of(const struct rolling_unit *unit)
{
    const char *mark = unit->phase == ROLLING_UNDER_WAY ? unit->press
                       : unit->phase == ROLLING_PAUSING ? unit->invocation
                                                        : "";
    return *mark ? mark : NOTHING;
}

static void write_to(FILE *out, const struct rolling_plan *plan, const char *place)
{
    (void)fprintf(out, FIRST VERSION_NUMBER "\nverb %s\nplace %s\n", verb_to_string(plan->verb), place);
    for (size_t i = 0; i < plan->words.n; i++)
        (void)fprintf(out, "word %s\n", plan->words.list[i]);
    for (size_t i = 0; i < plan->n; i++)
        (void)fprintf(out, "unit %s %s %s\n", PHASES[plan->units[i].phase], mark_of(&plan->units[i]),
                      plan->units[i].unit);
    (void)fputs("end\n", out);
}

char *rolling_record_write(const struct rolling_plan *plan, const char *place)
{
    char *text = NULL;
    size_t size;
    FILE *out = open_memstream(&text, &size);
    bool failed;

    if (!out)
        return NULL;
    write_to(out, plan, place);
    failed = ferror(out);
    if (fclose(out) == 0 && !failed)
        return text;
    free(text);
    return NULL;
}

/* --- reading --- */

void rolling_record_done(struct rolling_record *record)
{
    rolling_plan_done(&record->plan);
    free(record->place);
    *record = (struct rolling_record){ .place = NULL };
}

/* Cuts the line's end off, and goes behind it; NULL where there is none. */
static char *take_line(char **rest)
{
    char *line = *rest, *end = strchr(line, '\n');

    if (!end)
        return NULL;
    *end = '\0';
    *rest = end + 1;
    return line;
}

static bool is_printable(const char *text)
{
    _cleanup_(freep) char *clean = text_clean_copy(text);

    return clean && strcmp(clean, text) == 0;
}

static int read_verb(const char *word, struct rolling_record *record)
{
    unsigned verb = verb_from_string(word);

    if (verb == 0 || record->plan.verb != 0)
        return ROLLING_E_SPOILT;
    record->plan.verb = verb;
    return 0;
}

static int read_place(const char *place, struct rolling_record *record)
{
    if (record->place || !is_printable(place))
        return ROLLING_E_SPOILT;
    record->place = strdup(place);
    return record->place ? 0 : -ENOMEM;
}

static int read_word(const char *word, struct rolling_record *record)
{
    if (!*word || strlen(word) > ROLLING_WORD_MAX || !is_printable(word) ||
        record->plan.words.n == ROLLING_WORDS_MAX)
        return ROLLING_E_SPOILT;
    return texts_take(&record->plan.words, strdup(word));
}

static int phase_from_string(const char *word)
{
    for (int phase = 0; phase < ROLLING_PHASES; phase++)
        if (strcmp(word, PHASES[phase]) == 0)
            return phase;
    return -1;
}

static bool is_invocation(const char *text)
{
    return strlen(text) == ROLLING_INVOCATION_SIZE - 1 && strspn(text, "0123456789abcdef") == strlen(text);
}

/* Only what its phase has, and that in its form. */
static int read_mark(const char *mark, struct rolling_unit *unit)
{
    bool is_none = strcmp(mark, NOTHING) == 0;

    if (unit->phase == ROLLING_UNDER_WAY) {
        if (!wire_press_valid(mark))
            return ROLLING_E_SPOILT;
        (void)snprintf(unit->press, sizeof(unit->press), "%s", mark);
        return 0;
    }
    if (is_none)
        return 0;
    if (unit->phase != ROLLING_PAUSING || !is_invocation(mark))
        return ROLLING_E_SPOILT;
    (void)snprintf(unit->invocation, sizeof(unit->invocation), "%s", mark);
    return 0;
}

/* Each unit once. */
static int add(struct rolling_plan *plan, const char *name)
{
    struct unit_name parsed;
    size_t n = plan->n;
    int r;

    if (unit_name_parse(name, &parsed) != 0)
        return ROLLING_E_SPOILT;
    r = rolling_plan_add(plan, name);
    if (r == -ENOMEM)
        return r;
    return r == 0 && plan->n == n + 1 ? 0 : ROLLING_E_SPOILT;
}

static int read_unit(char *rest, struct rolling_record *record)
{
    const char *word = strsep(&rest, " "), *mark = rest ? strsep(&rest, " ") : NULL;
    int r, phase = phase_from_string(word);

    if (phase < 0 || !rest)
        return ROLLING_E_SPOILT;
    r = add(&record->plan, rest);
    if (r != 0)
        return r;
    record->plan.units[record->plan.n - 1].phase = (enum rolling_phase)phase;
    return read_mark(mark, &record->plan.units[record->plan.n - 1]);
}

static int read_line(char *line, struct rolling_record *record)
{
    const char *word = strsep(&line, " ");

    if (!line)
        return ROLLING_E_SPOILT;
    if (strcmp(word, "unit") == 0)
        return read_unit(line, record);
    if (strcmp(word, "verb") == 0)
        return read_verb(line, record);
    if (strcmp(word, "place") == 0)
        return read_place(line, record);
    return strcmp(word, "word") == 0 ? read_word(line, record) : ROLLING_E_SPOILT;
}

/* One after the other: never two of them between this and that. */
static bool is_sound(const struct rolling_record *record)
{
    const struct rolling_plan *plan = &record->plan;

    return plan->verb != 0 && record->place && plan->words.n > 0 && plan->n > 0 &&
           rolling_plan_count(plan, ROLLING_UNDER_WAY) + rolling_plan_count(plan, ROLLING_PAUSING) <= 1;
}

static int read_lines(char *rest, struct rolling_record *record)
{
    char *line = take_line(&rest);
    int r = 0;

    while (line && strcmp(line, "end") != 0 && r == 0) {
        r = read_line(line, record);
        line = take_line(&rest);
    }
    if (r != 0)
        return r;
    return line && !*rest && is_sound(record) ? 0 : ROLLING_E_SPOILT;
}

static int read_version(char **rest)
{
    const char *line = take_line(rest);

    if (!line || strncmp(line, FIRST, strlen(FIRST)) != 0)
        return ROLLING_E_SPOILT;
    return strcmp(line + strlen(FIRST), VERSION_NUMBER) == 0 ? 0 : ROLLING_E_VERSION;
}

int rolling_record_read(const char *text, size_t size, struct rolling_record *ret)
{
    _cleanup_(rolling_record_done) struct rolling_record record = { .plan.pause_sec = ROLLING_PAUSE_SEC };
    _cleanup_(freep) char *copy = NULL;
    char *rest;
    int r;

    if (size > ROLLING_RECORD_MAX || strlen(text) != size)
        return ROLLING_E_SPOILT;
    rest = copy = strdup(text);
    if (!copy)
        return -ENOMEM;
    r = read_version(&rest);
    if (r == 0)
        r = read_lines(rest, &record);
    if (r != 0)
        return r;
    *ret = record;
    record = (struct rolling_record){ .place = NULL };
    return 0;
}
