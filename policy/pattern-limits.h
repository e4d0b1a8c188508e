/* How large a pattern may be, and what is said of one that is too large or wrong. */
#pragma once

#include <stddef.h>

enum {
    PATTERN_LENGTH_MAX = 256,   /* characters */
    PATTERN_DEPTH_MAX = 8,      /* groups within groups */
    PATTERN_BOUND_MAX = 255,    /* n and m in {n,m} */
    PATTERN_SIZE_MAX = 512,     /* characters and classes, once all repeats are written out */
    PATTERN_STEPS_MAX = 250000, /* of a backtracking matcher, for the worst name there is */
    PATTERN_INSTANCE_MAX = 245, /* longest instance any unit name has room for */
};

enum {
    PATTERN_E_INVALID = 1, /* not in the common ground, or too much of it: see struct pattern_error */
};

struct pattern_error {
    size_t offset;     /* of the character that is wrong, from 0 */
    char message[120]; /* a sentence without full stop; printable ASCII */
};
