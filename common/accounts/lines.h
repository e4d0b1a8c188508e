/* A file of "NAME:VALUE" lines. Empty lines and those that begin with '#' are comments. */
#pragma once

#include <stddef.h>

#include "common/mistake.h"
#include "common/person.h"

enum {
    LINES_SIZE_MAX = 256 * 1024, /* of a file */
    LINE_VALUE_SIZE = 8192,      /* with its NUL */
};

struct line {
    const char *file;
    unsigned number;
    char name[PERSON_NAME_SIZE];
    char value[LINE_VALUE_SIZE];
};

/* What it returns, unless 0, ends the reading and is returned. */
typedef int (*line_callback)(const struct line *line, void *userdata, struct mistake *mistake);

/* Calls back for each line but comments. MISTAKE for what is no such line, a name that is none, a NUL or
 * another control character; -ENOMEM. */
int lines_read(const char *file, const char *text, size_t size, line_callback callback, void *userdata,
               struct mistake *mistake);
