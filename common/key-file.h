/* Files of ours that an admin writes: [Section], Key=value, and comments on lines of their own. Whatever is
 * odd in one is refused rather than guessed at. */
#pragma once

#include <stddef.h>

enum { KEY_FILE_LINE_MAX = 190 /* characters of a line that is not a comment */ };

/* What each function but `refuse` returns, unless 0, ends the reading and is returned. Lines count from 1. */
struct key_file {
    const char *sections; /* those that there are, for a message: "[Grant], [Policy]" */
    const char *too_long; /* for a message: what to do about a line that is */
    /* Of a line that begins with '[', all of it. */
    int (*section)(const char *line, unsigned number, void *userdata);
    /* Letters, of any case, and all that is behind the '=': maybe nothing. */
    int (*key)(const char *name, const char *value, unsigned number, void *userdata);
    /* The line is none of those, for a reason in printable ASCII that begins with "is" or "has", or is a
     * sentence. What it returns, which is not 0, is returned. */
    int (*refuse)(unsigned number, const char *why, void *userdata);
};

/* 0, what a function returned, or -ENOMEM. The text may have NULs in it. */
int key_file_read(const struct key_file *file, const char *text, size_t size, void *userdata);
