/* What the broker asks of the journal for somebody: text, whose first line says what for, and then a line
 * KEY=VALUE for each thing that there is to say. Who it is for stands in it, with the groups that the broker
 * knows of; what he may be told is decided by who answers. */
#pragma once

#include <stdint.h>

#include "common/person.h"
#include "common/unit-name.h"

enum {
    ERRAND_SIZE = 8192, /* bytes of the text, with a NUL: room for all groups of a person */
    /* What is answered at most. */
    ERRAND_LINES_MAX = 20,   /* of a unit's journal */
    ERRAND_HISTORY_MAX = 20, /* restarts of a unit */
    ERRAND_DAY_MAX = 500,    /* restarts of a day */
    ERRAND_LATEST_MAX = 1000 /* restarts of all units */
};

enum errand_kind {
    ERRAND_LINES,   /* "lines": the last lines of a unit */
    ERRAND_HISTORY, /* "history": its last restarts */
    ERRAND_DAY,     /* "day": all restarts of a time */
    ERRAND_LATEST,  /* "latest": the last restarts of all, for the broker itself */
    ERRAND_KINDS
};

struct errand {
    enum errand_kind kind;
    struct person person;            /* for whom; not with LATEST */
    char unit[UNIT_NAME_SIZE];       /* of LINES and HISTORY; otherwise "" */
    uint64_t since_usec, until_usec; /* of DAY, CLOCK_REALTIME: from, and before; otherwise 0 */
    /* Of HISTORY, CLOCK_REALTIME: what was done then is on its way to the journal, and waited for. 0: nothing
     * is. */
    uint64_t newest_usec;
};
/* Frees the person's groups. */
void errand_done(struct errand *errand);

enum { ERRAND_E_MALFORMED = 1 };

/* 0; ERRAND_E_MALFORMED for whatever errand_write() would not have written; or -ENOMEM. On 0 the caller ends
 * it with errand_done(). */
int errand_parse(const char *text, struct errand *ret);
/* ERRAND_E_MALFORMED: it does not fit, or is none. */
int errand_write(const struct errand *errand, char ret[static ERRAND_SIZE]);
