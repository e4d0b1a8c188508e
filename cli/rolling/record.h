/* How far a rolling restart is, as text: what a file keeps for whoever goes on with it. What is read back is
 * the same, or it is nothing: a text that was cut, changed, or written by another version is turned away
 * whole, for a unit that is taken for another one would be restarted by mistake. */
#pragma once

#include <stddef.h>
#include <sys/types.h>

#include "cli/rolling/plan.h"

enum { ROLLING_RECORD_MAX = 512 * 1024 }; /* bytes: more than the largest plan has */

/* Outcomes of reading. */
enum {
    ROLLING_E_VERSION = 1, /* it is from another version of this program */
    ROLLING_E_SPOILT,
};

/* Verb, words, and units with their phases. `place` says where: a line of text without control characters, ""
 * is this machine. The caller's to free; NULL when out of memory. */
char *rolling_record_write(const struct rolling_plan *plan, const char *place);

struct rolling_record {
    struct rolling_plan plan;
    char *place;
};
void rolling_record_done(struct rolling_record *record);

/* 0, ROLLING_E_… or -ENOMEM. Limits are not kept: they are those of when nothing is said. `text` has a NUL
 * behind its `size` bytes. */
int rolling_record_read(const char *text, size_t size, struct rolling_record *ret);
