/* How long something took, for people: "40 ms", "2.5 s". */
#pragma once

#include <stdint.h>

#include "webfront/pages/language.h"

enum { SPAN_SIZE = 32 };

/* Returns `ret`. */
const char *span_format(enum language language, uint64_t milliseconds, char ret[static SPAN_SIZE]);
/* The same of what may not be known: NULL for 0. */
const char *span_format_known(enum language language, uint64_t milliseconds, char ret[static SPAN_SIZE]);
