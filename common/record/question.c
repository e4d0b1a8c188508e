/* A closed table of keys, each at most once. */
#include "common/record/question.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define KIND "decisions\n"

enum { NUMBER_DIGITS_MAX = 19 };

static bool take_user(const char *value, struct record_question *question)
{
    if (!person_name_valid(value))
        return false;
    (void)stpcpy(question->user, value);
    return true;
}

static bool take_unit(const char *value, struct record_question *question)
{
    struct unit_name name;

    if (unit_name_parse(value, &name) != 0)
        return false;
    (void)stpcpy(question->unit, value);
    return true;
}

static bool take_number(const char *value, uint64_t max, uint64_t *ret)
{
    size_t length = strlen(value);

    if (length == 0 || length > NUMBER_DIGITS_MAX || strspn(value, "0123456789") != length)
        return false;
    *ret = strtoull(value, NULL, 10);
    return *ret > 0 && *ret <= max;
}

static bool take_since(const char *value, struct record_question *question)
{
    return take_number(value, UINT64_MAX, &question->since_usec);
}

static bool take_entries(const char *value, struct record_question *question)
{
    uint64_t entries = 0;
    bool good = take_number(value, RECORD_ENTRIES_MAX, &entries);

    question->entries = (unsigned)entries;
    return good;
}

static const struct key {
    const char *name;
    bool (*take)(const char *value, struct record_question *question);
} KEYS[] = {
    { "user=", take_user },
    { "unit=", take_unit },
    { "since=", take_since },
    { "entries=", take_entries },
};

enum { KEYS_COUNT = sizeof(KEYS) / sizeof(*KEYS) };

static bool take_line(const char *line, bool seen[static KEYS_COUNT], struct record_question *question)
{
    for (size_t i = 0; i < KEYS_COUNT; i++) {
        size_t length = strlen(KEYS[i].name);

        if (strncmp(line, KEYS[i].name, length) != 0)
            continue;
        if (seen[i])
            return false;
        seen[i] = true;
        return KEYS[i].take(line + length, question);
    }
    return false;
}

int record_question_parse(const char *text, struct record_question *ret)
{
    struct record_question question = { .entries = RECORD_ENTRIES_DEFAULT };
    bool seen[KEYS_COUNT] = { false };
    char line[RECORD_QUESTION_SIZE];

    if (strncmp(text, KIND, strlen(KIND)) != 0)
        return RECORD_E_MALFORMED;
    for (text += strlen(KIND); *text; text++) {
        size_t length = strcspn(text, "\n");

        if (text[length] != '\n' || length >= sizeof(line))
            return RECORD_E_MALFORMED;
        memcpy(line, text, length);
        line[length] = '\0';
        if (!take_line(line, seen, &question))
            return RECORD_E_MALFORMED;
        text += length;
    }
    *ret = question;
    return 0;
}

void record_question_write(const struct record_question *question, char ret[static RECORD_QUESTION_SIZE])
{
    char since[32] = "";

    if (question->since_usec > 0)
        (void)snprintf(since, sizeof(since), "since=%" PRIu64 "\n", question->since_usec);
    (void)snprintf(ret, RECORD_QUESTION_SIZE, KIND "%s%s%s%s%s%s%sentries=%u\n",
                   *question->user ? "user=" : "", question->user, *question->user ? "\n" : "",
                   *question->unit ? "unit=" : "", question->unit, *question->unit ? "\n" : "", since,
                   question->entries);
}
