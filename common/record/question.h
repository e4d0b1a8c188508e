/* What is asked of the record, as text: a line that says what for, "decisions", and a line KEY=VALUE for each
 * thing that narrows it down. Other first lines are for other questions. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "common/person.h"
#include "common/unit-name.h"

enum {
    RECORD_ENTRIES_MAX = 10000,
    RECORD_ENTRIES_DEFAULT = 1000,
    RECORD_QUESTION_SIZE = 512, /* bytes of the text, with a NUL */
};

struct record_question {
    uint64_t since_usec;         /* CLOCK_REALTIME; 0: as far back as there is something */
    unsigned entries;            /* at most so many, the newest ones; 1 to RECORD_ENTRIES_MAX */
    char user[PERSON_NAME_SIZE]; /* "": whoever it was */
    char unit[UNIT_NAME_SIZE];   /* "": any */
};

enum { RECORD_E_MALFORMED = 1 };

/* 0, or RECORD_E_MALFORMED for whatever record_question_write() would not have written. */
int record_question_parse(const char *text, struct record_question *ret);
void record_question_write(const struct record_question *question, char ret[static RECORD_QUESTION_SIZE]);
