/* A line ends with LF, CR or both. */
#include "webfront/live/event.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { RETRY_MS = 1000 }; /* a page that lost its connection comes again after so long */

static void write_data(FILE *out, const char *data, size_t size)
{
    const char *at = data, *end = data + size;

    do {
        size_t length = 0;

        while (at + length < end && at[length] != '\n' && at[length] != '\r')
            length++;
        (void)fputs("data: ", out);
        (void)fwrite(at, 1, length, out);
        (void)fputc('\n', out);
        at += length + 1;
    } while (at < end);
}

/* Closes `out`, whose text and size these are. */
static struct http_piece *finish(FILE *out, char *const *text, const size_t *size)
{
    bool good = !ferror(out);

    good = fclose(out) == 0 && good;
    if (good)
        return http_piece_new(*text, *size);
    free(*text);
    return NULL;
}

struct http_piece *event_new(const char *kind, const char *id, const char *data, size_t size)
{
    char *text = NULL;
    size_t text_size = 0;
    FILE *out = open_memstream(&text, &text_size);

    if (!out)
        return NULL;
    (void)fprintf(out, "event: %s\nretry: %d\n", kind, RETRY_MS);
    if (id)
        (void)fprintf(out, "id: %s\n", id);
    write_data(out, data, size);
    (void)fputc('\n', out);
    return finish(out, &text, &text_size);
}

struct http_piece *event_new_beat(void)
{
    char *text = strdup(":\n\n");

    return http_piece_new(text, text ? strlen(text) : 0);
}
