/* When each unit was last restarted from here, by whom, how that ended, and how long it usually takes: of
 * what this broker has done itself, and, once it has asked for it, of what the journal has from before. It is
 * kept in memory alone; nothing waits for it, and without the journal it begins with nothing. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "common/cleanup.h"
#include "common/person.h"
#include "common/unit-name.h"

struct asks;

enum {
    RECENTS_MAX = 2048,       /* units; the one restarted longest ago makes room */
    RECENTS_USUAL_OF = 5,     /* how many that succeeded the usual time is the median of */
    RECENTS_AGAIN_SEC = 60,   /* after which the journal is asked again, when it was not to be had */
    RECENTS_WORD_SIZE = 16,   /* bytes of a verdict */
    RECENTS_ARRIVES_SEC = 10, /* what the journal was sent may not be in it for so long */
    RECENTS_SAME_SEC = 1,     /* what ended so close together is one job, of which several were told */
};

/* One restart, when its caller was answered, or as the journal has it. */
struct restarted {
    const char *unit;
    const char *by;        /* "": nobody in particular */
    const char *verdict;   /* verdict_to_string() */
    uint64_t at;           /* seconds since 1970 */
    uint64_t milliseconds; /* from the question to the answer */
    uint64_t sent_usec;    /* CLOCK_REALTIME, just before the journal was sent it; 0: the journal has it */
};

struct recent {
    char unit[UNIT_NAME_SIZE];
    uint64_t at;
    char by[PERSON_NAME_SIZE];
    char verdict[RECENTS_WORD_SIZE];
    uint64_t milliseconds[RECENTS_USUAL_OF]; /* of those that succeeded, the newest one last */
    unsigned n;
    uint64_t sent_usec; /* the same, of what the journal was sent last of it */
};

struct recents;
/* `asks` is borrowed. */
int recents_new(struct asks *asks, struct recents **ret);
/* Takes NULL. Returns NULL. */
struct recents *recents_free(struct recents *recents);
DEFINE_CLEANUP(struct recents *, recents_free);

/* `changed` is called when something happened to a unit, or the journal says what had happened to it. */
void recents_on_change(struct recents *recents, void (*changed)(const char *unit, void *userdata),
                       void *userdata);

/* Somebody looks: has the journal asked, once. */
void recents_wake(struct recents *recents);

/* A restart has come to its end, as far as its caller was told. A verdict "watching" is not its last. */
void recents_note(struct recents *recents, const struct restarted *restarted);
/* The end of the watch of the last one, which the journal was sent then. */
void recents_settled(struct recents *recents, const char *unit, const char *verdict, uint64_t sent_usec);

/* Another number than before: something of it is another way. */
unsigned recents_revision(const struct recents *recents);
/* NULL when nothing is known. Valid until the next of these calls. */
const struct recent *recents_find(const struct recents *recents, const char *unit);
/* CLOCK_REALTIME: of what of that unit may be on its way to the journal; 0: of nothing. */
uint64_t recents_on_its_way(const struct recents *recents, const char *unit);
/* All that is known, in the order of the names; likewise. */
size_t recents_count(const struct recents *recents);
const struct recent *recents_at(const struct recents *recents, size_t i);
/* The median; 0: not known. Takes NULL. */
uint64_t recent_usual_milliseconds(const struct recent *recent);
