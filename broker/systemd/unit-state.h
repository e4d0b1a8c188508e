/* What systemd says about one unit: the properties that decide about a click and that its answer reports.
 * Filled from replies to Properties.Get and from PropertiesChanged signals alike, in the order in which they
 * arrive. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <systemd/sd-bus.h>

#include "broker/systemd/start-limit.h"
#include "common/unit-name.h"

enum {
    UNIT_WORD_SIZE = 32, /* the words for states are systemd's own and short */
    UNIT_RESULT_SIZE = 64,
    INVOCATION_ID_SIZE = 32 + 1, /* in hexadecimal, with its NUL */
    UNIT_TEXT_SIZE = 200 + 1,    /* of anybody's text, cleaned */
};

struct unit_state {
    char own_name[UNIT_NAME_SIZE];   /* systemd's Id: another one when it was asked for by an alias */
    char carrier[UNIT_NAME_SIZE];    /* one of its names that is in policy/carrier.h; "" is as it should be */
    char load_state[UNIT_WORD_SIZE]; /* loaded, not-found, masked, … */
    char active_state[UNIT_WORD_SIZE];
    char sub_state[UNIT_WORD_SIZE];
    char file_state[UNIT_WORD_SIZE]; /* enabled, disabled, …; "" when there is no file */
    char type[UNIT_WORD_SIZE];       /* the service's Type= */
    char result[UNIT_WORD_SIZE];     /* the service's Result: success, exit-code, … */
    char invocation_id[INVOCATION_ID_SIZE];
    int32_t exec_main_code; /* how it ended: of waitid(), CLD_EXITED, …; 0: it did not */
    int32_t exec_main_status;
    uint32_t main_pid;
    uint32_t n_restarts;     /* by Restart=, since it was last started by a job */
    bool can_reload;         /* CanReload: it has a way to. Never changes but with PID 1's own reload */
    bool need_daemon_reload; /* a file of the unit changed on disk. Told when asked only, never as a change */
    struct start_limit start_limit;
    uint64_t last_start_usec;   /* InactiveExitTimestampMonotonic; 0: not started since boot */
    uint64_t state_change_usec; /* StateChangeTimestamp, CLOCK_REALTIME; 0: unknown */
    char description[UNIT_TEXT_SIZE];
    char status_text[UNIT_TEXT_SIZE]; /* what the service said of itself last */
};

/* One property that is read. */
struct unit_property {
    const char *interface;
    const char *name;
    char type; /* D-Bus type; 's' a word, 'x' (a string as well) anybody's text, 'n' (a string as well) a
                * unit's name, 'N' all its names, of which a carrier's is kept, 'y' for the bytes of an ID */
    size_t offset;
};
#define UNIT_PROPERTIES 21
/* The last ones are for who wants to be told all about it; a click goes without them. */
#define UNIT_PROPERTIES_CLICK 18
/* The first ones of the table are those that can refuse a restart. */
#define UNIT_PROPERTIES_DECIDING 5
extern const struct unit_property UNIT_PROPERTY_TABLE[UNIT_PROPERTIES];

/* The message stands before the variant of that property: takes it in. Returns a negative errno for a message
 * that is not what systemd sends. */
int unit_state_read_variant(struct unit_state *state, const struct unit_property *property,
                            sd_bus_message *m);

/* A PropertiesChanged signal from its start: takes in what is in the table. */
int unit_state_read_changes(struct unit_state *state, sd_bus_message *m);

/* Loaded and not inactive: a restart does not start what nobody had started. A failed unit was started. */
bool unit_state_is_up(const struct unit_state *state);
/* It runs, or is about to: what try-restart restarts, and a reload may be asked of. */
bool unit_state_is_running(const struct unit_state *state);
/* It does its work: active, or reloading meanwhile. */
bool unit_state_is_active(const struct unit_state *state);
/* It is down, and systemd is about to start it again by itself (Restart=). */
bool unit_state_is_between_restarts(const struct unit_state *state);
/* "exited", "killed" or "dumped": how the main process ended; "": it did not. */
const char *unit_state_exec_main_code(const struct unit_state *state);
/* "exit-code, exit status 3", "signal 11", "timeout"; "" for success. */
void unit_state_describe_result(const struct unit_state *state, char *ret, size_t size);
/* "enabled" or "enabled-runtime": it is meant to run. */
bool unit_state_is_enabled(const struct unit_state *state);
bool unit_file_state_is_enabled(const char *file_state);
