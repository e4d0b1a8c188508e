/* One after the other: which units, how far it is, and what comes next. A state machine that does nothing by
 * itself: it says what is to be done, and is told what became of it. Where something is not known it stops.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "common/array.h"
#include "common/rpc/wire-call.h"
#include "common/rpc/wire.h"

enum {
    ROLLING_UNITS_MAX = 1024,
    ROLLING_WORDS_MAX = 256, /* UNIT|ID|PATTERN on the command line */
    ROLLING_WORD_MAX = 255,  /* bytes of one */
    ROLLING_FAILURES_MAX = 1024,
    ROLLING_PAUSE_SEC = 1, /* unless something else is said */
    ROLLING_PAUSE_MAX_SEC = 3600,
    ROLLING_INVOCATION_SIZE = 33, /* 32 hexadecimal digits, and a NUL */
};

enum rolling_phase {
    ROLLING_WAITING,   /* its turn has not come; nothing was done */
    ROLLING_UNDER_WAY, /* asked for by its press; what became of it is not known yet */
    ROLLING_PAUSING,   /* it came back, and is to be seen once more when the pause is over */
    ROLLING_DONE,      /* it came back and stayed; or there was nothing to do */
    ROLLING_FAILED,    /* it did not come back, or did not stay */
    ROLLING_REFUSED,   /* somebody said no; nothing was done */
    ROLLING_LEFT,      /* who asked says: whatever became of it, go on behind it */
    ROLLING_PHASES
};

struct rolling_unit {
    char *unit;
    enum rolling_phase phase;
    char press[WIRE_PRESS_MAX + 1];           /* of UNDER_WAY, or "" */
    char invocation[ROLLING_INVOCATION_SIZE]; /* of PAUSING: the one to be seen again; "": none, it has ended
                                                 well */
    char *message, *verdict;                  /* what was said of it in this run; NULL: nothing */
};

/* What it came to in the end. */
enum rolling_end {
    ROLLING_GOES_ON,
    ROLLING_ALL_DONE,         /* no unit is left; some may have failed, if that was allowed */
    ROLLING_STOP_FAILED,      /* one more than was allowed did not come back */
    ROLLING_STOP_REFUSED,     /* the same, and the last one was refused */
    ROLLING_STOP_NOT_REACHED, /* nobody is there to do it: nothing was done to that unit */
    ROLLING_STOP_UNKNOWN,     /* what became of that unit was not learned */
    ROLLING_STOP_ASKED,       /* it was asked to stop, and that unit is done, or the first */
};

struct rolling_plan {
    unsigned verb;
    struct texts words; /* as they were on the command line */
    struct rolling_unit *units;
    size_t n;
    size_t at; /* the unit that it is about; n behind the last one */
    unsigned max_failures, failures;
    unsigned pause_sec;
    bool is_asked_to_stop;
    enum rolling_end end;
};
void rolling_plan_done(struct rolling_plan *plan);

/* Adds a unit behind the others, unless it is there already; copied. 0, -ENOMEM, or -E2BIG. */
int rolling_plan_add(struct rolling_plan *plan, const char *unit);
/* What was begun by an earlier run: what is under way is asked about before anything else is begun, what
 * failed or was refused is tried again, and what is done is not done again. */
void rolling_plan_resume(struct rolling_plan *plan);

enum rolling_step {
    ROLLING_STEP_NONE,  /* it is over: see `end` */
    ROLLING_STEP_BEGIN, /* have units[at] done, by a press that is made for it: rolling_plan_begin() */
    ROLLING_STEP_ASK,   /* ask what became of units[at].press; nothing else */
    ROLLING_STEP_LOOK,  /* pause, and look at units[at] */
};
enum rolling_step rolling_plan_next(struct rolling_plan *plan);

/* The press is written down: from now on it is not known whether anything was done. */
void rolling_plan_begin(struct rolling_plan *plan, const char press[static WIRE_PRESS_MIN]);

/* What became of it, as the broker says. Told once of each that is UNDER_WAY. */
void rolling_plan_answered(struct rolling_plan *plan, const struct wire_restart *answer);
/* The same, where there is no answer: `message` is said of it. */
void rolling_plan_refused(struct rolling_plan *plan, const char *message);
void rolling_plan_not_reached(struct rolling_plan *plan, const char *message);
/* It stays as it is, UNDER_WAY or PAUSING, and whoever resumes asks. */
void rolling_plan_unknown(struct rolling_plan *plan, const char *message);

/* Is it the unit that came back, and is it up still? For PAUSING. NULL when it is, and otherwise what is
 * wrong with it, behind the unit's name: "has failed". */
const char *rolling_look(const struct rolling_unit *unit, const struct wire_status *status);
/* The pause is over, and it was; or it is not: `why` is what rolling_look() says. */
void rolling_plan_stayed(struct rolling_plan *plan);
void rolling_plan_fell(struct rolling_plan *plan, const char *why);

/* Who resumes decides about one whose outcome nobody can tell: it is done once more, or left behind. */
void rolling_plan_again(struct rolling_plan *plan);
void rolling_plan_leave(struct rolling_plan *plan);

/* What became of it in this run, if only that nobody knows, is there to be said. */
bool rolling_plan_is_told(const struct rolling_plan *plan, size_t i);

/* After the unit that is under way nothing more is begun. */
void rolling_plan_stop(struct rolling_plan *plan);

size_t rolling_plan_count(const struct rolling_plan *plan, enum rolling_phase phase);
