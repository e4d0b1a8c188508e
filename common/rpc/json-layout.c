/* One pass over the text. Strings are copied whole, so that what is outside of them is whitespace,
 * punctuation, or part of a number or a word. */
#include "common/rpc/json-layout.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define WHITESPACE " \t\r\n"

struct writer {
    FILE *out;
    bool pretty;
    int depth;
};

bool json_layout_from_string(const char *word, enum json_layout *ret)
{
    static const char *const WORDS[] = {
        [JSON_OFF] = "off", [JSON_PRETTY] = "pretty", [JSON_SHORT] = "short"
    };

    for (size_t i = 0; i < sizeof(WORDS) / sizeof(*WORDS); i++)
        if (strcmp(word, WORDS[i]) == 0) {
            *ret = (enum json_layout)i;
            return true;
        }
    return false;
}

static void begin_line(const struct writer *writer)
{
    if (writer->pretty)
        (void)fprintf(writer->out, "\n%*s", 2 * writer->depth, "");
}

/* From one quote to behind the other, or to the end. */
static size_t string_length(const char *text)
{
    size_t n = 1;

    while (text[n] != '\0' && text[n] != '"')
        n += text[n] == '\\' && text[n + 1] != '\0' ? 2 : 1;
    return n + (text[n] == '"');
}

/* Returns what follows: of an empty one, what is behind it. */
static const char *open_bracket(struct writer *writer, const char *text)
{
    const char *inside = text + 1 + strspn(text + 1, WHITESPACE);

    (void)fputc(*text, writer->out);
    if (*inside == ']' || *inside == '}') {
        (void)fputc(*inside, writer->out);
        return inside + 1;
    }
    writer->depth++;
    begin_line(writer);
    return inside;
}

static void punctuate(struct writer *writer, char c)
{
    if (c == ']' || c == '}') {
        writer->depth -= writer->depth > 0;
        begin_line(writer);
    }
    (void)fputc(c, writer->out);
    if (c == ',')
        begin_line(writer);
    else if (c == ':' && writer->pretty)
        (void)fputc(' ', writer->out);
}

/* Writes what the text begins with, and returns the rest. */
static const char *write_next(struct writer *writer, const char *text)
{
    size_t n = *text == '"' ? string_length(text) : 1;

    if (strchr(WHITESPACE, *text))
        return text + 1;
    if (*text == '[' || *text == '{')
        return open_bracket(writer, text);
    if (*text == '"')
        (void)fwrite(text, 1, n, writer->out);
    else
        punctuate(writer, *text);
    return text + n;
}

char *json_layout(const char *json, enum json_layout layout)
{
    struct writer writer = { .pretty = layout == JSON_PRETTY };
    char *text = NULL;
    size_t size = 0;

    writer.out = open_memstream(&text, &size);
    if (!writer.out)
        return NULL;
    while (*json)
        json = write_next(&writer, json);
    if (fclose(writer.out) == 0)
        return text;
    free(text);
    return NULL;
}
