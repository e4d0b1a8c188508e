/* A closed table of keys. But for groups each stands there at most once, and just where its kind has it. */
#include "common/record/errand.h"

#include <errno.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { NUMBER_DIGITS_MAX = 19 };

enum { HAS_UNIT = 1, HAS_PERSON = 2, HAS_TIMES = 4, HAS_NEWEST = 8 };

static const struct kind {
    const char *line;
    unsigned has;
} KINDS[ERRAND_KINDS] = {
    [ERRAND_LINES] = { "lines\n", HAS_UNIT | HAS_PERSON },
    [ERRAND_HISTORY] = { "history\n", HAS_UNIT | HAS_PERSON | HAS_NEWEST },
    [ERRAND_DAY] = { "day\n", HAS_PERSON | HAS_TIMES },
    [ERRAND_LATEST] = { "latest\n", 0 },
};

void errand_done(struct errand *errand)
{
    person_done(&errand->person);
    *errand = (struct errand){ .kind = ERRAND_LINES };
}

/* --- in --- */

static int take_person(const char *value, struct errand *errand)
{
    return person_set(&errand->person, value, PERSON_UID) == 0 ? 0 : ERRAND_E_MALFORMED;
}

static int take_root(const char *value, struct errand *errand)
{
    errand->person.is_root = true;
    return strcmp(value, "yes") == 0 ? 0 : ERRAND_E_MALFORMED;
}

/* A group stands there once, too. */
static int take_group(const char *value, struct errand *errand)
{
    int r;

    if (!person_name_valid(value) || person_in_group(&errand->person, value))
        return ERRAND_E_MALFORMED;
    r = person_add_group(&errand->person, value);
    return r > 0 ? ERRAND_E_MALFORMED : r;
}

static int take_unit(const char *value, struct errand *errand)
{
    struct unit_name name;

    if (unit_name_parse(value, &name) != 0)
        return ERRAND_E_MALFORMED;
    (void)stpcpy(errand->unit, value);
    return 0;
}

static int take_usec(const char *value, uint64_t *ret)
{
    size_t length = strlen(value);

    if (length == 0 || length > NUMBER_DIGITS_MAX || strspn(value, "0123456789") != length)
        return ERRAND_E_MALFORMED;
    *ret = strtoull(value, NULL, 10);
    return *ret > 0 ? 0 : ERRAND_E_MALFORMED;
}

static int take_since(const char *value, struct errand *errand)
{
    return take_usec(value, &errand->since_usec);
}

static int take_until(const char *value, struct errand *errand)
{
    return take_usec(value, &errand->until_usec);
}

static int take_newest(const char *value, struct errand *errand)
{
    return take_usec(value, &errand->newest_usec);
}

static const struct key {
    const char *name;
    unsigned of; /* what a kind must have for it */
    bool needed, repeated;
    int (*take)(const char *value, struct errand *errand);
} KEYS[] = {
    { "person=", HAS_PERSON, false, false, take_person }, { "root=", HAS_PERSON, false, false, take_root },
    { "group=", HAS_PERSON, false, true, take_group },    { "unit=", HAS_UNIT, true, false, take_unit },
    { "since=", HAS_TIMES, true, false, take_since },     { "until=", HAS_TIMES, true, false, take_until },
    { "newest=", HAS_NEWEST, false, false, take_newest },
};
enum { KEYS_COUNT = sizeof(KEYS) / sizeof(*KEYS) };

static int take_line(const char *line, bool seen[static KEYS_COUNT], struct errand *errand)
{
    for (size_t i = 0; i < KEYS_COUNT; i++) {
        size_t length = strlen(KEYS[i].name);

        if (strncmp(line, KEYS[i].name, length) != 0)
            continue;
        if ((seen[i] && !KEYS[i].repeated) || !(KINDS[errand->kind].has & KEYS[i].of))
            return ERRAND_E_MALFORMED;
        seen[i] = true;
        return KEYS[i].take(line + length, errand);
    }
    return ERRAND_E_MALFORMED;
}

static bool is_whole(const struct errand *errand, const bool seen[static KEYS_COUNT])
{
    for (size_t i = 0; i < KEYS_COUNT; i++)
        if (KEYS[i].needed && (KINDS[errand->kind].has & KEYS[i].of) && !seen[i])
            return false;
    /* Whoever is in a group has a name. */
    return errand->since_usec <= errand->until_usec &&
           (errand->person.n_groups == 0 || person_is_known(&errand->person));
}

static int take_lines(const char *text, struct errand *errand)
{
    bool seen[KEYS_COUNT] = { false };
    char line[UNIT_NAME_SIZE + 16];
    int r;

    for (; *text; text++) {
        size_t length = strcspn(text, "\n");

        if (text[length] != '\n' || length >= sizeof(line))
            return ERRAND_E_MALFORMED;
        memcpy(line, text, length);
        line[length] = '\0';
        r = take_line(line, seen, errand);
        if (r != 0)
            return r;
        text += length;
    }
    return is_whole(errand, seen) ? 0 : ERRAND_E_MALFORMED;
}

int errand_parse(const char *text, struct errand *ret)
{
    struct errand errand = { .kind = ERRAND_LINES };
    size_t length = strcspn(text, "\n") + 1;
    int r;

    while (errand.kind < ERRAND_KINDS && strncmp(text, KINDS[errand.kind].line, length) != 0)
        errand.kind++;
    if (errand.kind == ERRAND_KINDS)
        return ERRAND_E_MALFORMED;
    r = take_lines(text + length, &errand);
    if (r != 0) {
        errand_done(&errand);
        return r;
    }
    *ret = errand;
    return 0;
}

/* --- out --- */

static void print_person(const struct person *person, FILE *out)
{
    if (person->is_root)
        (void)fputs("root=yes\n", out);
    if (!person_is_known(person))
        return;
    (void)fprintf(out, "person=%s\n", person->name);
    for (size_t i = 0; i < person->n_groups; i++)
        (void)fprintf(out, "group=%s\n", person->groups[i]);
}

static void print(const struct errand *errand, FILE *out)
{
    unsigned has = KINDS[errand->kind].has;

    (void)fputs(KINDS[errand->kind].line, out);
    if (has & HAS_PERSON)
        print_person(&errand->person, out);
    if (has & HAS_UNIT)
        (void)fprintf(out, "unit=%s\n", errand->unit);
    if (has & HAS_TIMES)
        (void)fprintf(out, "since=%" PRIu64 "\nuntil=%" PRIu64 "\n", errand->since_usec, errand->until_usec);
    if ((has & HAS_NEWEST) && errand->newest_usec > 0)
        (void)fprintf(out, "newest=%" PRIu64 "\n", errand->newest_usec);
}

int errand_write(const struct errand *errand, char ret[static ERRAND_SIZE])
{
    FILE *out = fmemopen(ret, ERRAND_SIZE, "w");
    bool whole;

    if (!out)
        return -ENOMEM;
    print(errand, out);
    whole = fflush(out) == 0 && ferror(out) == 0;
    return fclose(out) == 0 && whole ? 0 : ERRAND_E_MALFORMED;
}
