/* The form of a click, an application/x-www-form-urlencoded body (fields.h). */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "common/machines/machines.h"
#include "common/rpc/wire-call.h"
#include "webfront/requests/fields.h"

enum {
    FORM_BODY_MAX = FIELDS_SIZE_MAX, /* bytes of the whole body */
    FORM_VALUE_SIZE = FIELDS_VALUE_SIZE,
};

/* A page without its script has a press made for it when it is served: this, and letters, as many characters
 * in all. It counts for each of the page's buttons on its own, since who goes back and presses another one
 * means that one: form_read() makes that button's press of it, which is for a unit and a verb. */
#define FORM_PAGE_PRESS "page-"
enum { FORM_PAGE_PRESS_LENGTH = 27 };

struct form {
    char service_id[FORM_VALUE_SIZE]; /* decoded, and otherwise as it was sent; may be empty */
    unsigned verb;                    /* one of common/verb.h; VERB_RESTART when it was not said */
    int settle;                       /* seconds, 0 to WIRE_SETTLE_MAX; negative: not said */
    /* What tells one press of a button from the next, so that a page that is loaded again, or a slow double
     * click, restarts nothing a second time. As wire_press_valid() wants it; "": not said. */
    char press[WIRE_PRESS_MAX + 1];
    char machine[MACHINE_NAME_SIZE]; /* whose unit it is, a name as of machines.conf; "": this one's */
    char reason[REASON_SIZE];        /* as reason_clean() leaves it; "": not said, or blank */
};

/* Outcomes: nothing was read. form_text() has a sentence for each. */
enum {
    FORM_E_TOO_LONG = 1, /* more than FORM_BODY_MAX bytes */
    FORM_E_MISSING,      /* no service_id */
    FORM_E_DUPLICATE,    /* a field more than once */
    FORM_E_FIELD,        /* any other field, or an empty one */
    FORM_E_ENCODING,     /* a broken %-escape, %00, or a raw byte that is not printable ASCII */
    FORM_E_SETTLE,       /* not a number of seconds that is allowed */
    FORM_E_PRESS,        /* not what a press looks like */
    FORM_E_KEY,          /* form_take_key(): another press than the field's */
    FORM_E_VERB,         /* not one of common/verb.h */
    FORM_E_REASON,       /* longer than REASON_MAX */
    FORM_E_OPTION,       /* form_read_options(): any other than those */
    FORM_E_MACHINE,      /* no name that a machine could have */
    FORM_E_JSON,         /* json-form.h */
};

/* 0 and the fields, or an outcome. */
int form_read(const char *body, size_t size, struct form *ret);

/* What may be said beside unit and verb, where the address says those: settle, press, machine and reason. */
enum { FORM_OPTIONS_COUNT = 4 };
extern const struct field FORM_OPTIONS[FORM_OPTIONS_COUNT];
/* Reads a body of those alone into the form, which stays as it was otherwise; it may be empty. 0 or an
 * outcome, and then the form counts for nothing. */
int form_read_options(const char *body, size_t size, struct form *form);

/* The header Idempotency-Key, which says the same as the field press. 0, FORM_E_PRESS or FORM_E_KEY. */
int form_take_key(const char *key, struct form *form);

/* `n` letters of a new press, at most WIRE_PRESS_MAX, without a NUL: six random bits each. False when the
 * kernel gives no random bytes, which it always does once it has booted. */
bool form_random_press(char *ret, size_t n);

/* A whole static sentence on an outcome. */
const char *form_text(int outcome);
