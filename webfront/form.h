/* The one form there is: an application/x-www-form-urlencoded body with exactly one field, service_id. Read
 * by hand and strictly, since the library's post processor is made for uploads and guesses where this should
 * refuse. */
#pragma once

#include <stddef.h>

#define FORM_FIELD "service_id"

enum {
    FORM_BODY_MAX = 4096, /* bytes of the whole body; also bounds the value */
    FORM_VALUE_SIZE = FORM_BODY_MAX + 1,
};

/* Outcomes: nothing was read. form_text() has a sentence for each. */
enum {
    FORM_E_TOO_LONG = 1, /* more than FORM_BODY_MAX bytes */
    FORM_E_MISSING,      /* no service_id */
    FORM_E_DUPLICATE,    /* more than one */
    FORM_E_FIELD,        /* any other field, or an empty one */
    FORM_E_ENCODING,     /* a broken %-escape, %00, or a raw byte that is not printable ASCII */
};

/* 0 and the decoded value, which may be empty; or an outcome. */
int form_read(const char *body, size_t size, char ret_value[static FORM_VALUE_SIZE]);

/* A whole static sentence on an outcome. */
const char *form_text(int outcome);
