/* The rows of the table: one for each unit that there is, sorted as people look for them. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "broker/systemd/unit-state.h"
#include "common/rpc/wire-list-options.h"
#include "common/unit-group.h"
#include "common/unit-name.h"

enum {
    INSTANCES_SHOWN = WIRE_LIMIT_MAX, /* in one answer, at most */
    INSTANCES_MAX = 20000,            /* more are not even sorted */
    DESCRIPTION_MAX = 100,            /* bytes; anybody's text */
};

/* What is told of one to somebody who waits, and so has to be known. */
enum instance_want {
    INSTANCE_UNWANTED,
    INSTANCE_WANTED,
    INSTANCE_WANTED_WHOLE, /* with what `since_usec` and `result` are */
};

struct instance {
    char unit[UNIT_NAME_SIZE];
    char *description; /* NULL: systemd has not loaded it and does not say */
    char load_state[UNIT_WORD_SIZE], active_state[UNIT_WORD_SIZE], sub_state[UNIT_WORD_SIZE];
    enum unit_group group;       /* of these two */
    uint64_t since_usec;         /* it is as it is, CLOCK_REALTIME; 0: unknown */
    char result[UNIT_WORD_SIZE]; /* the service's; "": unknown */
    unsigned verbs;              /* that are granted to anybody, at least one */
    enum instance_want wanted;
    bool gone; /* unloaded since the table was read, and without a file: there is no such unit any more */
    bool enabled, can_reload;
    bool enabled_known, can_reload_known, since_known, result_known; /* each is asked for where it matters */
};

struct instances {
    struct instance *items;
    size_t n;
    bool truncated;
};

void instances_done(struct instances *instances);

/* Adds a zeroed one of that name. NULL when out of memory, or when there are too many. */
struct instance *instances_add(struct instances *instances, const char *unit);

/* Sorts by name, as people do (natural.h), and drops the second of two alike: of two with one name the loaded
 * one stays. */
void instances_settle(struct instances *instances);

/* In a settled table; NULL when it is not there. */
struct instance *instances_find(const struct instances *instances, const char *unit);

/* Words of systemd's, and what they come to. */
void instance_set_state(struct instance *instance, const char *active_state, const char *sub_state);

/* Systemd has not loaded it: there is its file, and whether it is enabled. */
void instance_set_unloaded(struct instance *instance, bool enabled);

/* Takes over from what was known of the same unit what is not known of it. What changes with its state
 * (`since_usec`, `result`) only when it has been followed since. */
void instance_recall(struct instance *instance, const struct instance *last, bool followed);

/* Of a unit that has a file and is not loaded: it belongs into the list. One of a template's instances only
 * when it is enabled; a plain unit whenever there is one, since whoever granted it named it. A link that is
 * another name of something else is none. */
bool instance_is_meant(const char *unit, const char *file_state);
