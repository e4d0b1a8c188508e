/* How a request for a restart ended: what the answer, the journal and the counters are made of. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "broker/systemd/unit-state.h"
#include "common/person.h"
#include "common/unit-name.h"
#include "common/verb.h"

enum { SENTENCE_SIZE = 1024 };

/* What became of the unit, as far as it was watched. */
enum verdict {
    VERDICT_NONE,         /* a refusal, or nobody knows */
    VERDICT_UP,           /* it stayed up for the time it was watched, or needs no watching */
    VERDICT_FAILED,       /* it came up and failed */
    VERDICT_ENDED,        /* it came up and ended */
    VERDICT_RESTARTING,   /* systemd restarts it again and again */
    VERDICT_WELL_ENDED,   /* a oneshot that ran to its good end */
    VERDICT_DOWN,         /* it was not up when its job ended */
    VERDICT_WATCHING,     /* it came up, and is still being watched */
    VERDICT_NOT_RUNNING,  /* it did not run, and try-restart restarts only what runs */
    VERDICT_NOT_RELOADED, /* its reload failed, and it is up as before */
    VERDICT_UNDER_WAY,    /* its job is not over; only told to who asks meanwhile (restarter.outcome) */
    VERDICTS
};

struct outcome {
    int refusal;          /* enum refusal; 0: a job ran to its end */
    unsigned retry_after; /* seconds; 0: nothing to wait for */
    char sentence[SENTENCE_SIZE];
    /* From there on the sentence is for admins: files, lines, and what would open the lock. 0: all of it is
     * for everybody. Only of refusals, which no press remembers. */
    unsigned admins_from;
    /* What follows is of a job; some of it is known for a refusal too. */
    unsigned verb; /* that was asked for; 0: none, of a call that only reads */
    bool success;
    bool ran;      /* before the job */
    bool reloaded; /* rather than restarted, which systemd tells by the invocation that is still the same */
    bool repeated; /* told once more to who asked again with the same press; nothing was done for him */
    bool covered;  /* told to who pressed while somebody else's press was being carried out already */
    char began_by[PERSON_NAME_SIZE]; /* whose press the job was made for; "": nobody in particular */
    char unit[UNIT_NAME_SIZE];
    char result[UNIT_WORD_SIZE]; /* of the job, systemd's word */
    char invocation_before[INVOCATION_ID_SIZE];
    struct unit_state after;
    uint64_t usec;      /* from the call to the job's end */
    uint64_t held_usec; /* how long the click was held back before the call (pace.h) */
    unsigned callers;   /* requests that share the job */
    enum verdict verdict;
    uint64_t settle_usec;  /* how long it is to be watched after its job (Settle=) */
    uint64_t watched_usec; /* and how long it was */
    const char *cut;       /* why it was watched no longer: "when …", static; NULL: it was */
    uint64_t fell_usec;    /* from the job's end to the moment it was up no more; 0: it was up all the time */
    char fall[UNIT_RESULT_SIZE]; /* why, as unit_state_describe_result() says it */
    unsigned restarts;           /* by systemd itself, while it was watched */
};

/* "up", "well-ended" …; "" for VERDICT_NONE. */
const char *verdict_to_string(enum verdict verdict);
/* Nothing has to be looked after. */
bool verdict_is_good(enum verdict verdict);

/* "done" is not healthy: the unit has to be up after it, or to have run to a good end where that is its way
 * (Type=oneshot). A word that is not known is no success. UP, WELL_ENDED, DOWN, NOT_RUNNING, NOT_RELOADED, or
 * for a unit that was started or reloaded and is up no more FAILED, ENDED or RESTARTING. */
enum verdict outcome_at_end(const struct outcome *outcome);
/* What the job did: "restart", "reload", or "" for nothing that is known of. */
const char *outcome_what_was_done(const struct outcome *outcome);
/* At the end of a job that was not about to start the unit: whether it was a reload. */
bool outcome_is_reload(const struct outcome *outcome);
/* The invocation after the job is another one than before it. */
bool outcome_is_started(const struct outcome *outcome);

/* The unit is down now, `usec` after its job; only the first fall counts. */
void outcome_note_fall(struct outcome *outcome, uint64_t usec);
