/* What was decoded may have been a password: it is wiped. */
#include "webfront/requests/fields.h"

#include <stdbool.h>
#include <string.h>

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

/* Decodes the byte at `at` and moves past it; -1 when there is none that a form of ours could have. An
 * escaped control character passes: what means to take none turns it away in words of its own. */
static int decode_byte(const char **at, const char *end)
{
    int high, low, byte = (unsigned char)*(*at)++;

    if (byte == '+')
        return ' ';
    if (byte != '%')
        return byte < 0x20 || byte >= 0x7f ? -1 : byte;
    if (end - *at < 2)
        return -1;
    high = hex_digit((*at)[0]);
    low = hex_digit((*at)[1]);
    *at += 2;
    /* No NUL: the value is a C string. */
    return high < 0 || low < 0 || high + low == 0 ? -1 : high * 16 + low;
}

static bool decode(const char *at, const char *end, char *ret_value)
{
    while (at < end) {
        int byte = decode_byte(&at, end);

        if (byte < 0)
            return false;
        *ret_value++ = (char)byte;
    }
    *ret_value = '\0';
    return true;
}

struct reader {
    const struct field *fields;
    size_t n;
    void *userdata;
    unsigned seen;
};

/* The index of the field that "name=value" is one of, or FIELDS_E_UNKNOWN; moves to the value. */
static int match(const struct reader *reader, const char **at, const char *end)
{
    const char *equals = memchr(*at, '=', (size_t)(end - *at));

    for (size_t i = 0; equals && i < reader->n; i++) {
        size_t length = strlen(reader->fields[i].name);

        if ((size_t)(equals - *at) == length && memcmp(*at, reader->fields[i].name, length) == 0) {
            *at = equals + 1;
            return (int)i;
        }
    }
    return FIELDS_E_UNKNOWN;
}

/* One "name=value". */
static int read_one(struct reader *reader, const char *at, const char *end)
{
    char value[FIELDS_VALUE_SIZE];
    int r, i = match(reader, &at, end);

    if (i < 0)
        return i;
    if (reader->seen & 1U << i)
        return FIELDS_E_DUPLICATE;
    reader->seen |= 1U << i;
    r = decode(at, end, value) ? reader->fields[i].take(value, reader->userdata) : FIELDS_E_ENCODING;
    explicit_bzero(value, (size_t)(end - at) + 1);
    return r;
}

int fields_read(const char *text, size_t size, const struct field fields[], size_t n, void *userdata,
                unsigned *ret_seen)
{
    struct reader reader = { .fields = fields, .n = n, .userdata = userdata };
    const char *at = text, *end = text + size;
    int r = 0;

    if (size > FIELDS_SIZE_MAX)
        return FIELDS_E_TOO_LONG;
    while (r == 0 && size > 0 && at <= end) {
        const char *amp = memchr(at, '&', (size_t)(end - at)), *stop = amp ? amp : end;

        r = read_one(&reader, at, stop);
        at = stop + 1;
    }
    *ret_seen = reader.seen;
    return r;
}
