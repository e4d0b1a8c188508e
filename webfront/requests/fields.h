/* A reader of application/x-www-form-urlencoded: fields of a closed table, each at most once. By hand and
 * strictly, since the library's post processor is made for uploads and guesses where this should refuse.
 * Every byte has to make sense, otherwise nothing of it counts. */
#pragma once

#include <stddef.h>

enum {
    FIELDS_SIZE_MAX = 4096, /* bytes of all of it; also bounds each value */
    FIELDS_VALUE_SIZE = FIELDS_SIZE_MAX + 1,
    FIELDS_MAX = 16, /* in a table */
};

struct field {
    const char *name;
    /* Takes the value, decoded, which is gone afterwards. 0, or an outcome of whoever reads. */
    int (*take)(const char *value, void *userdata);
};

/* Outcomes, all negative. */
enum {
    FIELDS_E_TOO_LONG = -1,  /* more than FIELDS_SIZE_MAX bytes */
    FIELDS_E_DUPLICATE = -2, /* a field more than once */
    FIELDS_E_UNKNOWN = -3,   /* any other field, or an empty one */
    FIELDS_E_ENCODING = -4,  /* a broken %-escape, %00, or a raw byte that is not printable ASCII */
};

/* 0; one of these; or what a field's take() returned. An empty text has no fields. *ret_seen has a bit for
 * each field of the table that was there. */
int fields_read(const char *text, size_t size, const struct field fields[], size_t n, void *userdata,
                unsigned *ret_seen);
