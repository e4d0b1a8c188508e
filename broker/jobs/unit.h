/* The units that were clicked lately, each with what systemd said of it last. While PID 1 tells of every
 * change (PropertiesChanged), that is as good as asking, and saves a click both of its questions: the one
 * before the restart and the one after it. Whatever may have been missed makes it a memory only, and the unit
 * is asked again. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/queue.h>

#include "broker/memory/starts.h"
#include "broker/systemd/start-limit.h"
#include "broker/systemd/unit-read.h"
#include "broker/systemd/unit-state.h"
#include "common/unit-name.h"

/* Each one costs a match rule on the bus, which allows 512 of them for a connection. */
enum { UNITS_MAX = 256 };

struct units;
struct job;
struct settle;

struct unit {
    TAILQ_ENTRY(unit) link; /* most lately used first */
    struct units *units;
    char name[UNIT_NAME_SIZE];
    char *path;
    struct unit_state state;
    struct start_log starts;
    uint64_t last_usec; /* of the last start, by whatever is known of it; 0: none */
    bool recalled;      /* the starts that are remembered were counted */
    struct pace pace;
    struct job *job;       /* the one under way; its owner sets it, and the unit stays while it is set */
    struct settle *settle; /* the watch over it; the same */
    void (*changed)(struct settle *settle); /* called for it at each change */

    sd_bus_slot *match;
    bool watched; /* the match is in place */
    bool live;    /* `state` is whole, and every change of it arrives; never of an alias */
    bool missed;  /* something may have been missed since `read` began */
    struct unit_read *read;
    unit_read_done done;
    void *userdata;
};

/* `systemd` and `starts` stay the caller's. */
int units_new(struct systemd *systemd, struct starts *starts, struct units **ret);
struct units *units_free(struct units *units);

/* The unit of that name, made if need be; the one longest unused makes room, but none whose starts are
 * counted. NULL when there is no room, or no memory. */
struct unit *units_get(struct units *units, const char *name);

/* The state can be relied on without asking: it is live, and the unit is loaded (a stopped one that nobody
 * refers to is unloaded, and may be another when it is loaded again). */
bool unit_is_known(const struct unit *unit);
/* The same right after a job, which keeps the unit loaded. */
bool unit_is_live(const struct unit *unit);

/* The name is another one for a unit: systemd tells of changes, and counts starts, under the unit's own name
 * only. */
bool unit_is_alias(const struct unit *unit);

/* Asks systemd for the state; `done` as in unit-read.h. One at a time for a unit. */
int unit_look(struct unit *unit, unit_read_done done, void *userdata);
/* The same before a restart: gently, as in unit-read.h. -EAGAIN: that would be too often. */
int unit_look_gently(struct unit *unit, enum unit_read_use use, unit_read_done done, void *userdata);
/* Ends the look that was asked for with that userdata, if it is under way. */
void unit_look_cancel(struct unit *unit, const void *userdata);

/* From here on nothing was missed; nobody looks just now. */
void unit_follow(struct unit *unit);
/* Whether that is still so. */
bool unit_is_followed(const struct unit *unit);

/* How long until the unit may be started once more within its own limit. */
uint64_t unit_start_wait(const struct unit *unit, uint64_t now_usec);
/* The same of a unit that somebody only looks at, by what was just read of it and what is known of its
 * starts.
 */
uint64_t units_start_wait(const struct units *units, const char *name, const struct unit_state *state,
                          uint64_t now_usec);
/* Counts a start that systemd gave no time stamp of its own. */
void unit_note_start(struct unit *unit, uint64_t stamp);

/* When it was last started: by systemd, or as far as we remember. 0: never. */
uint64_t unit_last_start(const struct unit *unit);
/* RestartUnit is about to be sent: remembered before, so that nobody's end in between forgets it. Returns
 * what was known until now, for unit_take_back(). */
uint64_t unit_note_asked(struct unit *unit, uint64_t now_usec);
/* It was not restarted. */
void unit_take_back(struct unit *unit, uint64_t last_usec);

/* When PID 1 last read its units anew, so that nothing known of them was live any more; 0: not since the
 * broker began. */
uint64_t units_forgotten(const struct units *units);

/* Some unit's starts are counted that nobody will remember: systemd tells the last one only, and our own
 * memory has room for so many. */
bool units_remember(const struct units *units, uint64_t now_usec);
