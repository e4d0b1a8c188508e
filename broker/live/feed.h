/* What changed since when, and who is told of it. PID 1 tells of every change; of the units that somebody is
 * granted, the feed keeps for each when it last changed in a way that the list shows: its state, its result,
 * its job, that it came or went. A thousand changes of one unit are one entry, and what somebody may not see
 * takes nothing away from him.
 *
 * Changes are gathered and come out at ticks, on each tenth of a second, at the same moments whatever
 * happens: nobody can tell from the moment at which he is told what else was going on. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <systemd/sd-event.h>

#include "broker/live/cursor.h"
#include "common/person.h"

enum {
    FEED_TICK_MSEC = 100,
    FEED_DEAF_MSEC = 2000, /* while nobody tells us of changes, everybody is told to look this often */
    FEED_UNITS_MAX = 100,  /* told at once; of more, that it is too much */
    FEED_KEPT_MAX = 20000, /* units; more, and everybody is told to look */
};

struct feed;
struct policy_in_force;
struct systemd;

/* Who wants to know. */
struct feed_reader {
    const struct person *person; /* borrowed */
    /* A web front, on its own behalf: it asks for all its pages, whoever they are for, and is told that
     * something changed of what anybody is granted, and never what. */
    bool is_front;
};

/* Since a place. */
struct feed_news {
    bool whole; /* too much, or something that nobody can tell */
    const char *units[FEED_UNITS_MAX];
    size_t n;                 /* units; 0 for a front. The feed's, until it is called again */
    char cursor[CURSOR_SIZE]; /* of the last thing that is news to him */
};

/* What is handed in stays the caller's. To be made before systemd_start(). 0 or a negative errno. */
int feed_new(sd_event *event, struct systemd *systemd, const struct policy_in_force *policy,
             struct feed **ret);
/* Takes NULL. Returns NULL. */
struct feed *feed_free(struct feed *feed);

/* `ticked` is called when there may be news for somebody. */
void feed_on_tick(struct feed *feed, void (*ticked)(void *userdata), void *userdata);

/* The policy is another one, or people's groups are: at the next tick, everybody is told to look. */
void feed_forget(struct feed *feed);

/* What the list tells of that unit, beside what PID 1 does, is another thing. */
void feed_note(struct feed *feed, const char *unit);

/* PID 1 tells us of changes, so that who asks now misses nothing from here on. When that begins is told by a
 * tick as well. */
bool feed_hears(const struct feed *feed);

/* The place behind all that has come out so far. Who is about to look at the units keeps it, and makes a
 * cursor of it when he has looked. */
uint64_t feed_place(const struct feed *feed);
/* That place, or an earlier one behind which nothing is news to the reader. */
void feed_cursor(struct feed *feed, const struct feed_reader *reader, uint64_t place,
                 char ret[static CURSOR_SIZE]);

/* The place of a cursor of this feed's. False for all others. */
bool feed_find(const struct feed *feed, const char *cursor, uint64_t *ret);

/* What is news to him since then; false: nothing is. *ret is written in the first case only. */
bool feed_news(struct feed *feed, const struct feed_reader *reader, uint64_t since, struct feed_news *ret);
