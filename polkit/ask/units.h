/* What systemd knows of units, asked over the system bus as root. Everything here waits for its answers, and
 * returns 0 or a negative errno unless it says otherwise. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <systemd/sd-bus.h>

#include "common/cleanup.h"
#include "common/unit-name.h"

enum { UNIT_STATE_SIZE = 32 };

struct unit_entry {
    char name[UNIT_NAME_SIZE];
    char load_state[UNIT_STATE_SIZE], active_state[UNIT_STATE_SIZE];
};

struct unit_list {
    struct unit_entry *items;
    size_t n;
};
void unit_list_done(struct unit_list *list);
bool unit_list_has(const struct unit_list *list, const char *name);

/* Adds the loaded units whose names match the shell pattern. */
int units_add_loaded(sd_bus *bus, const char *pattern, struct unit_list *list);
/* Adds the instances of a template that are enabled, wherever they are enabled from. */
int units_add_enabled(sd_bus *bus, const char *template, struct unit_list *list);
/* Adds the names of all unit files that match, templates as they are, with load_state "file". */
int units_add_files(sd_bus *bus, const char *pattern, struct unit_list *list);

/* The unit is loaded, and with all that it refers to stays so until the connection ends. Who asks about many
 * units that nobody uses says this first: systemd forgets such a one after each answer, and reads it and the
 * others anew for the next. That it cannot be is no error: what is asked then takes longer. */
void unit_hold(sd_bus *bus, const char *unit);

/* A property of the unit, which is loaded if it was not. `interface` is the last word of it: "Unit",
 * "Service". The string is the caller's. */
int unit_get_string(sd_bus *bus, const char *unit, const char *interface, const char *property, char **ret);
int unit_get_bool(sd_bus *bus, const char *unit, const char *interface, const char *property, bool *ret);
/* A list that ends with NULL, the caller's to free with strv_free() of common/array.h. */
int unit_get_strings(sd_bus *bus, const char *unit, const char *interface, const char *property, char ***ret);

/* A method of the manager that takes strings and gives nothing we look at: the first one may be NULL. */
int manager_call(sd_bus *bus, const char *method, const char *unit, const char *mode, char **ret_error);
