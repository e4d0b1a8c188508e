/* The one form there is: an application/x-www-form-urlencoded body with the fields of a closed table, each at
 * most once. Read by hand and strictly, since the library's post processor is made for uploads and guesses
 * where this should refuse. */
#pragma once

#include <stddef.h>

#include "common/rpc/wire-call.h"

enum {
    FORM_BODY_MAX = 4096, /* bytes of the whole body; also bounds each value */
    FORM_VALUE_SIZE = FORM_BODY_MAX + 1,
};

struct form {
    char service_id[FORM_VALUE_SIZE]; /* decoded, and otherwise as it was sent; may be empty */
    unsigned verb;                    /* one of common/verb.h; VERB_RESTART when it was not said */
    int settle;                       /* seconds, 0 to WIRE_SETTLE_MAX; negative: not said */
    char press[WIRE_PRESS_MAX + 1];   /* as wire_press_valid() wants it; "": not said */
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
    FORM_E_VERB,         /* not one of common/verb.h */
};

/* 0 and the fields, or an outcome. */
int form_read(const char *body, size_t size, struct form *ret);

/* A whole static sentence on an outcome. */
const char *form_text(int outcome);
