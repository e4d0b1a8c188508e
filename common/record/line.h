/* What the record answers: JSON, an object a line. Entries, or lines of a unit, the oldest first, and then
 * how it ended; or a refusal, and nothing else. An answer without an end was cut. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

enum { RECORD_LINE_MAX = 32 * 1024 }; /* bytes of one */

/* Strings: NULL is written as "", which is left out. All of them are fit to be shown. */
struct record_entry {
    const char *time; /* UTC: "2026-11-21T10:00:00.123456Z" */
    const char *message;
    const char *user, *known, *via, *door, *from, *reason;
    const char *machine; /* whose unit it is, of machines.conf; "": this one's */
    const char *unit, *verb;
    const char *decision; /* allowed, refused, unknown; "": it tells of none, but of something beside them */
    const char *lock, *result, *verdict;
    uint64_t milliseconds; /* from the question to its answer; 0: not known */
};

struct record_end {
    uint64_t entries;
    bool more; /* older ones were left out, or not looked for to the end */
};

/* A line that a unit has logged, or that PID 1 has of it. */
struct record_text {
    const char *text;
    const char *at_usec; /* digits: microseconds since 1970, more than XML-RPC's int can carry */
    uint64_t priority;   /* 0 to 7, as syslog has them */
};

struct record_refusal {
    const char *error; /* refused, malformed, unavailable */
    const char *message;
};

enum record_kind { RECORD_NONE, RECORD_ENTRY, RECORD_END, RECORD_REFUSAL, RECORD_TEXT };

struct record_line {
    enum record_kind kind;
    union {
        struct record_entry entry;
        struct record_end end;
        struct record_refusal refusal;
        struct record_text text;
    };
};
/* Frees what record_line_parse() allocated. */
void record_line_done(struct record_line *line);

/* Seconds since 1970; 0 for a time that is none. */
uint64_t record_entry_at(const struct record_entry *entry);

/* Without a newline at its end, the caller's to free; NULL when out of memory. */
char *record_line_write(const struct record_line *line);
/* False for what is no such line, or when out of memory. */
bool record_line_parse(const char *text, struct record_line *ret);
