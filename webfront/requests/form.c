/* The fields of a click. */
#include "webfront/requests/form.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>

#include "common/verb.h"
#include "webfront/requests/fields.h"

static int take_service_id(const char *value, void *userdata)
{
    struct form *form = userdata;

    (void)stpcpy(form->service_id, value);
    return 0;
}

/* Digits only, and no more of them than the greatest number has. */
static int take_settle(const char *value, void *userdata)
{
    struct form *form = userdata;
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

static int take_press(const char *value, void *userdata)
{
    struct form *form = userdata;

    if (!wire_press_valid(value))
        return FORM_E_PRESS;
    (void)stpcpy(form->press, value);
    return 0;
}

static int take_verb(const char *value, void *userdata)
{
    struct form *form = userdata;

    form->verb = verb_from_string(value);
    return form->verb != 0 ? 0 : FORM_E_VERB;
}

static int take_reason(const char *value, void *userdata)
{
    struct form *form = userdata;

    return reason_clean(value, form->reason) == 0 ? 0 : FORM_E_REASON;
}

/* "" is this one. */
static int take_machine(const char *value, void *userdata)
{
    struct form *form = userdata;

    if (*value && !machine_name_valid(value))
        return FORM_E_MACHINE;
    (void)stpcpy(form->machine, value);
    return 0;
}

#define OPTIONS                                                                                              \
    { "settle", take_settle }, { "press", take_press }, { "machine", take_machine },                         \
    {                                                                                                        \
        "reason", take_reason                                                                                \
    }

static const struct field FIELDS[] = { { "service_id", take_service_id }, { "verb", take_verb }, OPTIONS };
const struct field FORM_OPTIONS[FORM_OPTIONS_COUNT] = { OPTIONS };

static int outcome_of(int r)
{
    switch (r) {
    case FIELDS_E_TOO_LONG:
        return FORM_E_TOO_LONG;
    case FIELDS_E_DUPLICATE:
        return FORM_E_DUPLICATE;
    case FIELDS_E_UNKNOWN:
        return FORM_E_FIELD;
    case FIELDS_E_ENCODING:
        return FORM_E_ENCODING;
    default:
        return r;
    }
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
    unsigned seen;
    int r = fields_read(body, size, FIELDS, sizeof(FIELDS) / sizeof(*FIELDS), &form, &seen);

    if (r != 0)
        return outcome_of(r);
    if (!(seen & 1))
        return FORM_E_MISSING;
    make_buttons_press(&form);
    *ret = form;
    return 0;
}

int form_read_options(const char *body, size_t size, struct form *form)
{
    unsigned seen;
    int r = fields_read(body, size, FORM_OPTIONS, FORM_OPTIONS_COUNT, form, &seen);

    return r == FIELDS_E_UNKNOWN ? FORM_E_OPTION : outcome_of(r);
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

bool form_random_press(char *ret, size_t n)
{
    static const char LETTERS[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-";
    unsigned char bytes[WIRE_PRESS_MAX];

    if (n > sizeof(bytes) || getrandom(bytes, n, 0) != (ssize_t)n)
        return false;
    for (size_t i = 0; i < n; i++)
        ret[i] = LETTERS[bytes[i] % 64];
    return true;
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
        return "Nothing was done: the form has another field than service_id, machine, verb, settle, press and reason.";
    case FORM_E_SETTLE:
        return "Nothing was done: settle is a number of seconds from 0 to 60.";
    case FORM_E_VERB:
        return "Nothing was done: the verb is one of restart, try-restart, reload and reload-or-restart.";
    case FORM_E_KEY:
        return "Nothing was done: press and Idempotency-Key are not the same.";
    case FORM_E_REASON:
        return "Nothing was done: a reason is a text of at most 200 bytes.";
    case FORM_E_OPTION:
        return "Nothing was done: the body has another member than machine, settle, press and reason.";
    case FORM_E_MACHINE:
        return "Nothing was done: a machine is named by 1 to 63 of A-Z a-z 0-9 . and -, first a letter or a digit.";
    case FORM_E_JSON:
        return "Nothing was done: the body is no JSON object of texts and numbers.";
    case FORM_E_PRESS:
        return "Nothing was done: a press is named by 8 to 64 of A-Z a-z 0-9 _ and -.";
    default:
        return "Nothing was done: the form is not properly encoded.";
    }
}
