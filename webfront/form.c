/* A reader of one urlencoded field. Every byte of the body has to make sense, otherwise nothing of it counts.
 */
#include "webfront/form.h"

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
 * escaped control character passes: the name grammar turns it away in the very words that XML-RPC clients
 * read. */
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

/* The length of the field's name and '=', or 0 when it is another field. */
static size_t match_field(const char *at, const char *end)
{
    size_t length = strlen(FORM_FIELD "=");

    return (size_t)(end - at) >= length && memcmp(at, FORM_FIELD "=", length) == 0 ? length : 0;
}

int form_read(const char *body, size_t size, char ret_value[static FORM_VALUE_SIZE])
{
    const char *end = body + size, *amp;
    size_t name;

    if (size > FORM_BODY_MAX)
        return FORM_E_TOO_LONG;
    if (size == 0)
        return FORM_E_MISSING;
    name = match_field(body, end);
    if (name == 0)
        return FORM_E_FIELD;
    amp = memchr(body, '&', size);
    if (amp)
        return match_field(amp + 1, end) > 0 ? FORM_E_DUPLICATE : FORM_E_FIELD;
    return decode(body + name, end, ret_value) ? 0 : FORM_E_ENCODING;
}

const char *form_text(int outcome)
{
    switch (outcome) {
    case FORM_E_TOO_LONG:
        return "Nothing was restarted: the form is longer than 4096 bytes.";
    case FORM_E_MISSING:
        return "Nothing was restarted: the form has no field service_id.";
    case FORM_E_DUPLICATE:
        return "Nothing was restarted: the form has service_id more than once.";
    case FORM_E_FIELD:
        return "Nothing was restarted: the form has another field than service_id.";
    default:
        return "Nothing was restarted: the form is not properly encoded.";
    }
}
