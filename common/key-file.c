/* Line by line. libinih splits the text into keys and values; but each line passes a screen of our own first,
 * since inih takes much on trust: it cuts long lines and names, joins indented lines to the one before, takes
 * ':' for '=', drops what follows a ';' or a ']', and does not tell repeated sections apart. What the screen
 * lets through leaves it no choice, and so the versions of inih no room to differ. */
#include "common/key-file.h"

#include <errno.h>
#include <ini.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "common/cleanup.h"

#define WHITESPACE " \t"
#define LETTERS "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"

enum { WHY_SIZE = 256 };

struct reading {
    const struct key_file *file;
    void *userdata;
    const char *next, *end; /* the text that is still to be read */
    unsigned line;          /* number of the line in inih's hands */
    int r;                  /* first thing that went wrong, or 0 */
};

__attribute__((format(printf, 2, 3))) static int refuse(const struct reading *reading, const char *format,
                                                        ...)
{
    char why[WHY_SIZE];
    va_list ap;

    va_start(ap, format);
    /* clang 14's analyzer loses sight of va_start() here.
     * NOLINTNEXTLINE(clang-analyzer-valist.Uninitialized) */
    (void)vsnprintf(why, sizeof(why), format, ap);
    va_end(ap);
    return reading->file->refuse(reading->line, why, reading->userdata);
}

static int refuse_byte(const struct reading *reading, unsigned char byte)
{
    if (byte == 0)
        return refuse(reading, "has a NUL byte: this is not a text file");
    if (byte == '\r')
        return refuse(reading, "has a carriage return: lines must end the Unix way");
    if (byte > 0x7e && reading->line == 1)
        return refuse(reading, "has byte 0x%02x, maybe a byte order mark; only ASCII is allowed", byte);
    return refuse(reading, "has byte 0x%02x; only ASCII is allowed", byte);
}

static int screen_bytes(const struct reading *reading, const char *line, size_t length)
{
    for (size_t i = 0; i < length; i++)
        if ((line[i] < ' ' && line[i] != '\t') || line[i] > '~')
            return refuse_byte(reading, (unsigned char)line[i]);
    return 0;
}

/* A line that is neither blank nor a comment. */
static int screen_line(const struct reading *reading, const char *line)
{
    size_t key_length = strspn(line, LETTERS);

    if (strpbrk(line, ";#"))
        return refuse(reading, "a comment stands on a line of its own");
    if (line[0] == '[')
        return reading->file->section(line, reading->line, reading->userdata);
    if (key_length == 0 || line[key_length + strspn(line + key_length, WHITESPACE)] != '=')
        return refuse(reading, "is not Key=value, %s, or a comment that begins with '#' or ';'",
                      reading->file->sections);
    return 0;
}

/* Takes the next line off the text: without its newline and the white space around it. */
static const char *next_line(struct reading *reading, size_t *ret_length)
{
    const char *line = reading->next;
    const char *newline = memchr(line, '\n', (size_t)(reading->end - line));
    const char *end = newline ? newline : reading->end;

    reading->next = newline ? newline + 1 : reading->end;
    reading->line++;
    reading->r = screen_bytes(reading, line, (size_t)(end - line));

    while (line < end && strchr(WHITESPACE, *line))
        line++;
    while (line < end && strchr(WHITESPACE, end[-1]))
        end--;
    *ret_length = (size_t)(end - line);
    return line;
}

/* inih asks for the next line. Comments reach it as blank lines, so that it can still count. */
static char *read_line(char *buffer, int buffer_size, void *userdata)
{
    struct reading *reading = userdata;
    const char *line;
    size_t length;

    if (reading->r || reading->next == reading->end)
        return NULL;
    line = next_line(reading, &length);
    if (reading->r)
        return NULL;
    if (length == 0 || *line == '#' || *line == ';')
        length = 0;
    if (length > KEY_FILE_LINE_MAX || length + 3 > (size_t)buffer_size) {
        reading->r =
            refuse(reading, "is longer than %d characters; %s", KEY_FILE_LINE_MAX, reading->file->too_long);
        return NULL;
    }

    memcpy(buffer, line, length);
    buffer[length] = '\0';
    if (length > 0)
        reading->r = screen_line(reading, buffer);
    if (reading->r)
        return NULL;
    memcpy(buffer + length, "\n", 2);
    return buffer;
}

/* inih hands over what it read. A build of it may announce sections, too, with no name. */
static int take_value(void *userdata, _unused_ const char *section, const char *name, const char *value)
{
    struct reading *reading = userdata;

    if (name && !reading->r)
        reading->r = reading->file->key(name, value ? value : "", reading->line, reading->userdata);
    return reading->r == 0;
}

int key_file_read(const struct key_file *file, const char *text, size_t size, void *userdata)
{
    struct reading reading = { .file = file, .userdata = userdata, .next = text, .end = text + size };
    int r = ini_parse_stream(read_line, &reading, take_value, &reading);

    if (reading.r)
        return reading.r;
    if (r == -2)
        return -ENOMEM;
    if (r != 0) /* the screen lets nothing through that could make inih say so */
        return refuse(&reading, "is not understood");
    return 0;
}
