/* One thing that is wrong with a file, as a person is told: "FILE:LINE: what". */
#pragma once

enum { MISTAKE_SIZE = 512, MISTAKE = 1 };

struct mistake {
    char text[MISTAKE_SIZE];
};

/* `line` 0: it is about the file as a whole. Returns MISTAKE, the outcome of whoever found it. */
int mistake_set(struct mistake *ret, const char *file, unsigned line, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
