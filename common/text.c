/* One decoder of UTF-8, and one list of what is not printable. */
#include "common/text.h"

#include <stdlib.h>
#include <string.h>

static bool is_continuation(char c)
{
    return ((unsigned char)c & 0xc0) == 0x80;
}

/* By the first byte; 0 for one that begins nothing. */
static size_t sequence_length(unsigned char c)
{
    if (c < 0x80)
        return 1;
    if (c >= 0xc2 && c < 0xe0)
        return 2;
    if (c >= 0xe0 && c < 0xf0)
        return 3;
    return c >= 0xf0 && c < 0xf5 ? 4 : 0;
}

/* Too long a form, half of a pair of UTF-16, or beyond the last one there is. */
static bool is_code(uint32_t code, size_t length)
{
    static const uint32_t LEAST[] = { 0, 0, 0x80, 0x800, 0x10000 };

    return code >= LEAST[length] && (code < 0xd800 || code > 0xdfff) && code <= 0x10ffff;
}

size_t text_character(const char *text, uint32_t *ret_code)
{
    unsigned char first = (unsigned char)*text;
    size_t length = sequence_length(first);
    uint32_t code = length > 1 ? first & (0xffU >> (length + 1)) : first;

    for (size_t i = 1; i < length; i++) {
        if (!is_continuation(text[i]))
            return 0;
        code = code << 6 | ((unsigned char)text[i] & 0x3fU);
    }
    if (length == 0 || !is_code(code, length))
        return 0;
    *ret_code = code;
    return length;
}

bool text_is_printable(uint32_t code)
{
    static const struct {
        uint32_t first, last;
    } NOT[] = {
        { 0x0, 0x1f },      { 0x7f, 0x9f },     { 0xad, 0xad },       { 0x61c, 0x61c },
        { 0x115f, 0x1160 }, { 0x17b4, 0x17b5 }, { 0x180b, 0x180f },   { 0x200b, 0x200f },
        { 0x2028, 0x202e }, { 0x2060, 0x206f }, { 0x3164, 0x3164 },   { 0xd800, 0xf8ff },
        { 0xfdd0, 0xfdef }, { 0xfe00, 0xfe0f }, { 0xfeff, 0xfeff },   { 0xffa0, 0xffa0 },
        { 0xfff0, 0xfffb }, { 0xfffe, 0xffff }, { 0x1d173, 0x1d17a }, { 0xe0000, 0x10ffff },
    };

    for (size_t i = 0; i < sizeof(NOT) / sizeof(*NOT); i++)
        if (code >= NOT[i].first && code <= NOT[i].last)
            return false;
    return true;
}

/* What is shown of the character at `*text`, which is stepped over: `*ret_shown`, so many bytes. */
static size_t next_shown(const char **text, const char **ret_shown)
{
    const char *at = *text;
    uint32_t code = 0;
    size_t length = text_character(at, &code);

    *text += length > 0 ? length : 1;
    if (length > 0 && text_is_printable(code)) {
        *ret_shown = at;
        return length;
    }
    *ret_shown = *at == '\t' || *at == '\n' ? " " : "?";
    return 1;
}

char *text_clean(const char *text, char *ret, size_t size)
{
    size_t used = 0, length;
    const char *shown;

    while (text && *text) {
        length = next_shown(&text, &shown);
        if (length >= size - used)
            break;
        memmove(ret + used, shown, length);
        used += length;
    }
    ret[used] = '\0';
    return ret;
}

/* What is shown is never longer than what was there. */
char *text_clean_copy(const char *text)
{
    size_t size = text ? strlen(text) + 1 : 1;
    char *copy = malloc(size);

    return copy ? text_clean(text, copy, size) : NULL;
}

void text_print(FILE *out, const char *text)
{
    const char *shown;
    size_t length;

    while (text && *text) {
        length = next_shown(&text, &shown);
        (void)fwrite(shown, 1, length, out);
    }
}

char *text_vformat(const char *format, va_list arguments)
{
    char *text = NULL;

    return vasprintf(&text, format, arguments) < 0 ? NULL : text;
}
