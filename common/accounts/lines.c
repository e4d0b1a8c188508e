/* Nothing of a line is quoted when it is wrong: what somebody typed in the wrong place may be a password. */
#include "common/accounts/lines.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* In a comment, too: whoever goes through the file as a string would lose all that comes behind. */
static int refuse_nul(const char *text, size_t length, const struct line *line, struct mistake *mistake)
{
    return memchr(text, '\0', length) ? mistake_set(mistake, line->file, line->number,
                                                    "there is a control character, NUL, in this line")
                                      : 0;
}

static bool has_control_character(const char *text, size_t length)
{
    for (size_t i = 0; i < length; i++)
        if ((unsigned char)text[i] < ' ' || text[i] == 0x7f)
            return true;
    return false;
}

/* Without its line end. 0 or MISTAKE. */
static int take_apart(const char *text, size_t length, struct line *line, struct mistake *mistake)
{
    const char *colon = memchr(text, ':', length);
    size_t name = colon ? (size_t)(colon - text) : 0, value = length - name - 1;

    if (has_control_character(text, length))
        return mistake_set(mistake, line->file, line->number, "there is a control character in this line");
    if (!colon)
        return mistake_set(mistake, line->file, line->number, "there is no ':' in this line");
    if (name >= sizeof(line->name) || value >= sizeof(line->value))
        return mistake_set(mistake, line->file, line->number, "this line is too long");
    (void)snprintf(line->name, sizeof(line->name), "%.*s", (int)name, text);
    (void)snprintf(line->value, sizeof(line->value), "%.*s", (int)value, colon + 1);
    if (!person_name_valid(line->name))
        return mistake_set(
            mistake, line->file, line->number,
            "what stands before the ':' is no name: 1 to %d of A-Z a-z 0-9 _ . @ -, the first of "
            "them a letter, a digit or '_'",
            PERSON_NAME_MAX);
    return 0;
}

int lines_read(const char *file, const char *text, size_t size, line_callback callback, void *userdata,
               struct mistake *mistake)
{
    _cleanup_(freep) struct line *line = calloc(1, sizeof(*line));
    const char *end;
    int r = 0;

    if (!line)
        return -ENOMEM;
    if (size > LINES_SIZE_MAX)
        return mistake_set(mistake, file, 0, "this file is larger than %d KiB", LINES_SIZE_MAX / 1024);
    line->file = file;
    for (const char *at = text; r == 0 && at < text + size; at = end + 1) {
        line->number++;
        end = memchr(at, '\n', (size_t)(text + size - at));
        if (!end)
            end = text + size;
        r = refuse_nul(at, (size_t)(end - at), line, mistake);
        if (r != 0 || at == end || *at == '#')
            continue;
        r = take_apart(at, (size_t)(end - at), line, mistake);
        if (r == 0)
            r = callback(line, userdata, mistake);
    }
    explicit_bzero(line, sizeof(*line));
    return r;
}
