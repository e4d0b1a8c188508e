/* One line, and both who write it and who read it. */
#include "common/ssh/greeting.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "common/text.h"

#define WORD "restarter-bridge "
#define VERSION_WORD "1"
#define BEGINNING WORD VERSION_WORD

char *greeting_format(const char *sentence, char ret[static GREETING_SIZE_MAX + 1])
{
    char clean[GREETING_SENTENCE_MAX + 1];

    (void)text_clean(sentence, clean, sizeof(clean));
    (void)snprintf(ret, GREETING_SIZE_MAX + 1, "%s%s%s\n", BEGINNING, *clean ? " " : "", clean);
    return ret;
}

static int say(int outcome, const char *text, size_t size, char why[static GREETING_SENTENCE_MAX + 1])
{
    char copy[GREETING_SIZE_MAX + 1];

    if (size > GREETING_SIZE_MAX)
        size = GREETING_SIZE_MAX;
    (void)memcpy(copy, text, size);
    copy[size] = '\0';
    for (size_t i = 0; i < size; i++)
        if (copy[i] == '\0')
            copy[i] = '?';
    (void)text_clean(copy, why, GREETING_SENTENCE_MAX + 1);
    return outcome;
}

static bool begins_with(const char *line, size_t size, const char *word)
{
    return size >= strlen(word) && memcmp(line, word, strlen(word)) == 0;
}

/* The line without its end. */
static int read_line(const char *line, size_t size, char why[static GREETING_SENTENCE_MAX + 1])
{
    if (!begins_with(line, size, WORD))
        return say(GREETING_E_NONE, line, size, why);
    if (size == strlen(BEGINNING) && begins_with(line, size, BEGINNING))
        return GREETING_READY;
    if (begins_with(line, size, BEGINNING " "))
        return say(GREETING_E_NOT_REACHED, line + strlen(BEGINNING " "), size - strlen(BEGINNING " "), why);
    return say(GREETING_E_VERSION, line + strlen(WORD), size - strlen(WORD), why);
}

int greeting_read(const char *data, size_t size, char why[static GREETING_SENTENCE_MAX + 1])
{
    const char *end = memchr(data, '\n', size < GREETING_SIZE_MAX ? size : GREETING_SIZE_MAX);
    int r;

    why[0] = '\0';
    if (!end)
        return size < GREETING_SIZE_MAX ? GREETING_NOT_WHOLE : say(GREETING_E_NONE, data, size, why);
    r = read_line(data, (size_t)(end - data), why);
    return r == GREETING_READY && end + 1 < data + size ? GREETING_E_MORE : r;
}
