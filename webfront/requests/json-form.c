/* RFC 8259, as far as such an object goes. A text is decoded where it is wanted as one; a number is handed on
 * as it was written. */
#include "webfront/requests/json-form.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

struct reader {
    const char *at, *end;
    struct form *form;
    unsigned seen; /* a bit for each of FORM_OPTIONS */
};

static void skip_blanks(struct reader *reader)
{
    while (reader->at < reader->end && *reader->at && strchr(" \t\r\n", *reader->at))
        reader->at++;
}

static bool take(struct reader *reader, char c)
{
    skip_blanks(reader);
    if (reader->at == reader->end || *reader->at != c)
        return false;
    reader->at++;
    return true;
}

/* --- texts --- */

/* Four hexadecimal digits; no other character of them is read. */
static bool read_digits(struct reader *reader, uint32_t *ret)
{
    static const char DIGITS[] = "0123456789abcdefABCDEF";
    uint32_t code = 0;

    if (reader->end - reader->at < 4)
        return false;
    for (int i = 0; i < 4; i++) {
        const char *digit = *reader->at ? strchr(DIGITS, *reader->at++) : NULL;
        uint32_t value = digit ? (uint32_t)(digit - DIGITS) : 0;

        if (!digit)
            return false;
        code = code * 16 + (value > 15 ? value - 6 : value);
    }
    *ret = code;
    return true;
}

/* A half of a pair without the other one stands for no character. */
static bool read_escaped(struct reader *reader, uint32_t *ret)
{
    uint32_t high, low;

    if (!read_digits(reader, &high) || high == 0 || (high >= 0xdc00 && high <= 0xdfff))
        return false;
    *ret = high;
    if (high < 0xd800 || high > 0xdbff)
        return true;
    if (reader->end - reader->at < 2 || reader->at[0] != '\\' || reader->at[1] != 'u')
        return false;
    reader->at += 2;
    if (!read_digits(reader, &low) || low < 0xdc00 || low > 0xdfff)
        return false;
    *ret = 0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00);
    return true;
}

static char *put_utf8(char *to, uint32_t code)
{
    unsigned more = code < 0x80 ? 0 : code < 0x800 ? 1 : code < 0x10000 ? 2 : 3;
    static const uint8_t FIRST[] = { 0, 0xc0, 0xe0, 0xf0 };

    *to++ = (char)(FIRST[more] | code >> 6 * more);
    while (more-- > 0)
        *to++ = (char)(0x80 | (code >> 6 * more & 0x3f));
    return to;
}

/* What stands behind a backslash. NULL when that is nothing of JSON. */
static char *read_escape(struct reader *reader, char *to)
{
    static const char LETTERS[] = "\"\\/bfnrt", MEANT[] = "\"\\/\b\f\n\r\t";
    const char *letter;
    uint32_t code;

    if (reader->at == reader->end || *reader->at == '\0')
        return NULL;
    letter = strchr(LETTERS, *reader->at);
    if (letter) {
        reader->at++;
        *to++ = MEANT[letter - LETTERS];
        return to;
    }
    return *reader->at++ == 'u' && read_escaped(reader, &code) ? put_utf8(to, code) : NULL;
}

/* From its quote on. No text is longer decoded than it was as it stood. */
static bool read_text(struct reader *reader, char ret[static FORM_VALUE_SIZE])
{
    char *to = ret;

    if (!take(reader, '"'))
        return false;
    while (to && reader->at < reader->end && *reader->at != '"') {
        if ((unsigned char)*reader->at < ' ')
            return false;
        if (*reader->at != '\\') {
            *to++ = *reader->at++;
            continue;
        }
        reader->at++;
        to = read_escape(reader, to);
    }
    if (!to || reader->at == reader->end)
        return false;
    reader->at++;
    *to = '\0';
    return true;
}

/* --- members --- */

/* Of what is no text as much as may be a whole number that is wanted; the rest is looked at as what follows.
 */
static bool read_number(struct reader *reader, char ret[static FORM_VALUE_SIZE])
{
    size_t n = 0;

    while (reader->at + n < reader->end && reader->at[n] >= '0' && reader->at[n] <= '9')
        n++;
    memcpy(ret, reader->at, n);
    ret[n] = '\0';
    reader->at += n;
    return n == 1 || (n > 1 && ret[0] != '0');
}

/* What is said of a value of another type. */
static int wrong_type(size_t i)
{
    static const int OUTCOMES[FORM_OPTIONS_COUNT] = { FORM_E_SETTLE, FORM_E_PRESS, FORM_E_MACHINE,
                                                      FORM_E_REASON };

    return OUTCOMES[i];
}

static int read_value(struct reader *reader, size_t i)
{
    bool wants_number = strcmp(FORM_OPTIONS[i].name, "settle") == 0, is_text;
    char value[FORM_VALUE_SIZE];

    skip_blanks(reader);
    is_text = reader->at < reader->end && *reader->at == '"';
    if (is_text == wants_number)
        return wrong_type(i);
    if (is_text ? !read_text(reader, value) : !read_number(reader, value))
        return is_text ? FORM_E_JSON : wrong_type(i);
    return FORM_OPTIONS[i].take(value, reader->form);
}

static int read_member(struct reader *reader)
{
    char name[FORM_VALUE_SIZE];
    size_t i = 0;

    if (!read_text(reader, name) || !take(reader, ':'))
        return FORM_E_JSON;
    while (i < FORM_OPTIONS_COUNT && strcmp(FORM_OPTIONS[i].name, name) != 0)
        i++;
    if (i == FORM_OPTIONS_COUNT)
        return FORM_E_OPTION;
    if (reader->seen & 1U << i)
        return FORM_E_DUPLICATE;
    reader->seen |= 1U << i;
    return read_value(reader, i);
}

int json_form_read(const char *body, size_t size, struct form *form)
{
    struct reader reader = { .at = body, .end = body + size, .form = form };
    bool is_empty;
    int r = 0;

    if (size > FORM_BODY_MAX)
        return FORM_E_TOO_LONG;
    if (!take(&reader, '{'))
        return FORM_E_JSON;
    is_empty = take(&reader, '}');
    while (!is_empty) {
        r = read_member(&reader);
        if (r != 0)
            return r;
        if (take(&reader, '}'))
            break;
        if (!take(&reader, ','))
            return FORM_E_JSON;
    }
    skip_blanks(&reader);
    return reader.at == reader.end ? 0 : FORM_E_JSON;
}
