/* What `check` and `policy check` find: each with the place to mend. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

enum finding_level {
    FINDING, /* does not fit: the check fails */
    NOTE,    /* worth knowing */
};

struct finding {
    enum finding_level level;
    char *file;    /* NULL: no file in particular */
    unsigned line; /* from 1; 0: the file as a whole */
    char *message;
};

struct findings {
    struct finding *items;
    size_t n;
    bool out_of_memory; /* something is missing */
};

/* `file` may be NULL. The same message for the same place is kept once. */
void finding_add(struct findings *findings, enum finding_level level, const char *file, unsigned line,
                 const char *format, ...) __attribute__((format(printf, 5, 6)));
/* What a parser has said, "FILE:LINE: message" or "FILE: message", and what comes of it. */
void finding_add_mistake(struct findings *findings, enum finding_level level, const char *mistake,
                         const char *comes_of_it);
size_t findings_count(const struct findings *findings, enum finding_level level);
void findings_done(struct findings *findings);

/* One line each, "FILE:LINE: message", notes last. */
void findings_print(const struct findings *findings);
void findings_print_level(const struct findings *findings, enum finding_level level);

/* The number of the first line of the text with that in it, from 1; 0: there is none. Either may be NULL. */
unsigned line_of(const char *text, const char *what);
