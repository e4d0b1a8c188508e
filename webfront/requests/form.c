/* A reader of a few urlencoded fields. Every byte of the body has to make sense, otherwise nothing of it
 * counts. */
#include "webfront/requests/form.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "common/verb.h"

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

static int take_service_id(const char *value, struct form *form)
{
    (void)stpcpy(form->service_id, value);
    return 0;
}

/* Digits only, and no more of them than the greatest number has. */
static int take_settle(const char *value, struct form *form)
{
    int seconds = 0;

    if (!*value || strlen(value) > 2)
        return FORM_E_SETTLE;
    for (; *value; value++) {
        if (*value < '0' || *value > '9')
            return FORM_E_SETTLE;
        seconds = seconds * 10 + (*value - '0');
    }
    form->settle = seconds;
    return seconds <= WIRE_SETTLE_MAX ? 0 : FORM_E_SETTLE;
}

static int take_press(const char *value, struct form *form)
{
    if (!wire_press_valid(value))
        return FORM_E_PRESS;
    (void)stpcpy(form->press, value);
    return 0;
}

static int take_verb(const char *value, struct form *form)
{
    form->verb = verb_from_string(value);
    return form->verb != 0 ? 0 : FORM_E_VERB;
}

static const struct field {
    const char *name;
    int (*take)(const char *value, struct form *form); /* 0 or an outcome */
} FIELDS[] = {
    { "service_id", take_service_id },
    { "verb", take_verb },
    { "settle", take_settle },
    { "press", take_press },
};

enum { FIELDS_COUNT = sizeof(FIELDS) / sizeof(*FIELDS) };

/* The field that "name=value" is one of, or NULL; moves to the value. */
static const struct field *match_field(const char **at, const char *end)
{
    const char *equals = memchr(*at, '=', (size_t)(end - *at));

    for (size_t i = 0; equals && i < FIELDS_COUNT; i++) {
        size_t length = strlen(FIELDS[i].name);

        if ((size_t)(equals - *at) == length && memcmp(*at, FIELDS[i].name, length) == 0) {
            *at = equals + 1;
            return &FIELDS[i];
        }
    }
    return NULL;
}

/* One "name=value". */
static int read_field(const char *at, const char *end, bool seen[static FIELDS_COUNT], struct form *form)
{
    char value[FORM_VALUE_SIZE];
    const struct field *field = match_field(&at, end);

    if (!field)
        return FORM_E_FIELD;
    if (seen[field - FIELDS])
        return FORM_E_DUPLICATE;
    seen[field - FIELDS] = true;
    return decode(at, end, value) ? field->take(value, form) : FORM_E_ENCODING;
}

/* FNV-1a. Two buttons of one page whose digests are alike would at worst be refused as one press for two
 * of them. */
static uint64_t digest(uint64_t hash, const char *text)
{
    for (; *text; text++)
        hash = (hash ^ (unsigned char)*text) * UINT64_C(0x100000001b3);
    return hash;
}

/* A press that is none of a page's stays what it is. */
static void make_buttons_press(struct form *form)
{
    uint64_t hash =
        digest(digest(UINT64_C(0xcbf29ce484222325), verb_to_string(form->verb)), form->service_id);

    if (strncmp(form->press, FORM_PAGE_PRESS, strlen(FORM_PAGE_PRESS)) == 0 &&
        strlen(form->press) == FORM_PAGE_PRESS_LENGTH)
        (void)snprintf(form->press + FORM_PAGE_PRESS_LENGTH, sizeof(form->press) - FORM_PAGE_PRESS_LENGTH,
                       "-%016" PRIx64, hash);
}

int form_read(const char *body, size_t size, struct form *ret)
{
    struct form form = { .verb = VERB_RESTART, .settle = -1 };
    bool seen[FIELDS_COUNT] = { false };
    const char *at = body, *end = body + size;
    int r = 0;

    if (size > FORM_BODY_MAX)
        return FORM_E_TOO_LONG;
    while (r == 0 && size > 0 && at <= end) {
        const char *amp = memchr(at, '&', (size_t)(end - at)), *stop = amp ? amp : end;

        r = read_field(at, stop, seen, &form);
        at = stop + 1;
    }
    if (r == 0 && !seen[0])
        r = FORM_E_MISSING;
    if (r != 0)
        return r;
    make_buttons_press(&form);
    *ret = form;
    return 0;
}

/* A string by its draft, and thus in quotes, which most leave away. */
int form_take_key(const char *key, struct form *form)
{
    size_t length = strlen(key), quotes = length >= 2 && key[0] == '"' && key[length - 1] == '"';
    char press[WIRE_PRESS_MAX + 1];

    length -= 2 * quotes;
    if (length >= sizeof(press))
        return FORM_E_PRESS;
    memcpy(press, key + quotes, length);
    press[length] = '\0';
    if (!wire_press_valid(press))
        return FORM_E_PRESS;
    if (*form->press && strcmp(press, form->press) != 0)
        return FORM_E_KEY;
    (void)stpcpy(form->press, press);
    return 0;
}

const char *form_text(int outcome)
{
    switch (outcome) {
    case FORM_E_TOO_LONG:
        return "Nothing was done: the form is longer than 4096 bytes.";
    case FORM_E_MISSING:
        return "Nothing was done: the form has no field service_id.";
    case FORM_E_DUPLICATE:
        return "Nothing was done: the form has a field more than once.";
    case FORM_E_FIELD:
        return "Nothing was done: the form has another field than service_id, verb, settle and press.";
    case FORM_E_SETTLE:
        return "Nothing was done: settle is a number of seconds from 0 to 60.";
    case FORM_E_VERB:
        return "Nothing was done: the verb is one of restart, try-restart, reload and reload-or-restart.";
    case FORM_E_KEY:
        return "Nothing was done: press and Idempotency-Key are not the same.";
    case FORM_E_PRESS:
        return "Nothing was done: a press is named by 8 to 64 of A-Z a-z 0-9 _ and -.";
    default:
        return "Nothing was done: the form is not properly encoded.";
    }
}
