/* The instances of one survey: a sorted table that is filled from two lists of systemd's. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "broker/systemd/unit-state.h"
#include "common/unit-name.h"

enum {
    INSTANCES_SHOWN = 500, /* more are left out of the answer */
    INSTANCES_MAX = 20000, /* more are not even sorted */
    DESCRIPTION_MAX = 100, /* bytes; anybody's text */
};

struct instance {
    char unit[UNIT_NAME_SIZE];
    char *description; /* NULL: systemd has not loaded it and does not say */
    char load_state[UNIT_WORD_SIZE], active_state[UNIT_WORD_SIZE], sub_state[UNIT_WORD_SIZE];
    unsigned verbs; /* that are granted to anybody, at least one */
    bool enabled, enabled_known;
    bool can_reload, can_reload_known; /* asked for where it matters */
};

struct instances {
    struct instance *items;
    size_t n;
    bool truncated;
};

void instances_done(struct instances *instances);

/* Adds a zeroed one of that name. NULL when out of memory, or when there are too many. */
struct instance *instances_add(struct instances *instances, const char *unit);

/* Sorts by name, drops the second of two alike, and cuts at INSTANCES_SHOWN. */
void instances_settle(struct instances *instances);

/* In a settled table; NULL when it is not there. */
const struct instance *instances_find(const struct instances *instances, const char *unit);

/* Of a unit that has a file and is not loaded: it belongs into the list. One of a template's instances only
 * when it is enabled; a plain unit whenever there is one, since whoever granted it named it. A link that is
 * another name of something else is none. */
bool instance_is_meant(const char *unit, const char *file_state);
