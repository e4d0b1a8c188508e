/* The record, asked at its socket. */
#pragma once

#include <stddef.h>

#include "common/record/line.h"
#include "common/record/question.h"

struct record {
    struct record_answer {
        char *json; /* as it came */
        struct record_entry entry;
    } * answers; /* the oldest first */
    size_t n;
    struct record_end end;
};
void record_done(struct record *record);

/* Asks, also again for a while when too many ask. CLI_EXIT_OK; or, after saying why, another status, and
 * nothing in *ret. */
int record_ask(const struct record_question *question, struct record *ret);
