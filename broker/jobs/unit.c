/* The table of units, their matches and their states. */
#include "broker/jobs/unit.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/cleanup.h"
#include "common/clock.h"
#include "common/journal.h"

TAILQ_HEAD(unit_list, unit);

struct units {
    struct systemd *systemd;
    struct systemd_listener listener;
    struct starts *starts;
    struct unit_list list;
    unsigned n;
    uint64_t forgotten_usec;
};

/* --- starts --- */

/* The newest of those that count. */
static void copy_stamps(const struct start_log *log, struct start_record *record)
{
    size_t n = log->n < STARTS_STAMPS_MAX ? log->n : STARTS_STAMPS_MAX;

    memcpy(record->stamps, log->stamps + log->n - n, n * sizeof(*record->stamps));
    record->n = (unsigned)n;
}

static void save_starts(struct unit *unit)
{
    struct start_record record = { .last_usec = unit->last_usec };

    (void)snprintf(record.unit, sizeof(record.unit), "%s", unit->name);
    if (unit->starts.n > 0)
        copy_stamps(&unit->starts, &record);
    if (starts_set(unit->units->starts, &record) < 0)
        journal_log(LOG_WARNING, "Out of memory: a start of %s is not remembered.", unit->name);
}

void unit_note_start(struct unit *unit, uint64_t stamp)
{
    size_t n = unit->starts.n;

    if (start_log_note(&unit->starts, &unit->state.start_limit, stamp, clock_usec()) < 0)
        journal_log(LOG_WARNING, "Out of memory: a start of %s is not counted.", unit->name);
    if (stamp <= unit->last_usec && unit->starts.n == n)
        return;
    if (stamp > unit->last_usec)
        unit->last_usec = stamp;
    /* Of what we never restarted systemd knows as much. */
    if (starts_find(unit->units->starts, unit->name))
        save_starts(unit);
}

/* What was remembered counts as soon as the unit's limit is known. */
static void recall_starts(struct unit *unit)
{
    const struct start_record *record = starts_find(unit->units->starts, unit->name);
    struct start_record copy;

    if (unit->recalled || !record)
        return;
    unit->recalled = true;
    copy = *record;
    for (unsigned i = 0; i < copy.n; i++)
        unit_note_start(unit, copy.stamps[i]);
}

static void note_last_start(struct unit *unit)
{
    recall_starts(unit);
    unit_note_start(unit, unit->state.last_start_usec);
}

uint64_t unit_start_wait(const struct unit *unit, uint64_t now_usec)
{
    return start_log_wait(&unit->starts, &unit->state.start_limit, now_usec);
}

uint64_t unit_last_start(const struct unit *unit)
{
    return unit->last_usec;
}

uint64_t unit_note_asked(struct unit *unit, uint64_t now_usec)
{
    uint64_t before = unit->last_usec;

    unit_take_back(unit, now_usec);
    return before;
}

void unit_take_back(struct unit *unit, uint64_t last_usec)
{
    unit->last_usec = last_usec;
    save_starts(unit);
}

/* One start that counts is the last one, and systemd remembers that itself. */
static bool unit_remembers(const struct unit *unit, uint64_t now_usec)
{
    size_t most = starts_outlive(unit->units->starts) ? STARTS_STAMPS_MAX : 1;

    return start_log_young(&unit->starts, &unit->state.start_limit, now_usec) > most;
}

/* --- changes as they happen --- */

static int on_changed(sd_bus_message *m, void *userdata, _unused_ sd_bus_error *error)
{
    struct unit *unit = userdata;

    if (!systemd_is_sender(unit->units->systemd, m))
        return 0;
    if (unit_state_read_changes(&unit->state, m) < 0)
        unit->live = false;
    note_last_start(unit);
    if (unit->settle)
        unit->changed(unit->settle);
    return 0;
}

static int on_watched(sd_bus_message *m, void *userdata, _unused_ sd_bus_error *error)
{
    const sd_bus_error *e = sd_bus_message_get_error(m);
    struct unit *unit = userdata;

    unit->watched = !e;
    if (e)
        journal_log(LOG_INFO, "Changes of %s cannot be followed: %s", unit->name, e->message);
    return 1;
}

/* Failing costs time, not truth: the unit is then asked each time. */
static void watch(struct unit *unit)
{
    sd_bus *bus = systemd_bus(unit->units->systemd);

    if (bus && !unit->match)
        (void)sd_bus_match_signal_async(bus, &unit->match, SYSTEMD_SERVICE, unit->path,
                                        "org.freedesktop.DBus.Properties", "PropertiesChanged", on_changed,
                                        on_watched, unit);
}

static void unwatch(struct unit *unit)
{
    unit->match = sd_bus_slot_unref(unit->match);
    unit->watched = unit->live = false;
    unit->missed = true;
}

/* --- asking --- */

static void on_read(enum bus_fault fault, const char *text, void *userdata)
{
    struct unit *unit = userdata;

    bool whole = unit_read_is_whole(unit->read);

    unit->read = unit_read_free(unit->read);
    unit->live = fault == BUS_FAULT_NONE && whole && unit->watched && !unit->missed && !unit_is_alias(unit);
    if (fault == BUS_FAULT_NONE && whole)
        note_last_start(unit);
    unit->done(fault, text, unit->userdata);
}

static void prepare_look(struct unit *unit, unit_read_done done, void *userdata)
{
    unit->done = done;
    unit->userdata = userdata;
    unit->missed = false;
    /* Before the questions, so that no change after their answers is missed. */
    watch(unit);
}

int unit_look(struct unit *unit, unit_read_done done, void *userdata)
{
    prepare_look(unit, done, userdata);
    return unit_read_new(unit->units->systemd, unit->path, &unit->state, on_read, unit, &unit->read);
}

int unit_look_gently(struct unit *unit, enum unit_read_use use, unit_read_done done, void *userdata)
{
    prepare_look(unit, done, userdata);
    return unit_read_gently(unit->units->systemd, unit->name, use, &unit->state, on_read, unit, &unit->read);
}

void unit_look_cancel(struct unit *unit, const void *userdata)
{
    if (unit->userdata == userdata)
        unit->read = unit_read_free(unit->read);
}

void unit_follow(struct unit *unit)
{
    unit->missed = false;
}

bool unit_is_followed(const struct unit *unit)
{
    return unit->watched && !unit->missed;
}

bool unit_is_alias(const struct unit *unit)
{
    return strcmp(unit->state.own_name, unit->name) != 0;
}

bool unit_is_live(const struct unit *unit)
{
    return unit->live && systemd_is_subscribed(unit->units->systemd);
}

bool unit_is_known(const struct unit *unit)
{
    return unit_is_live(unit) && unit_state_is_up(&unit->state) &&
           strcmp(unit->state.active_state, "failed") != 0;
}

/* --- the table --- */

static void unit_free(struct unit *unit)
{
    TAILQ_REMOVE(&unit->units->list, unit, link);
    unit->units->n--;
    unit_read_free(unit->read);
    sd_bus_slot_unref(unit->match);
    start_log_done(&unit->starts);
    free(unit->path);
    free(unit);
}

/* Which starts were counted must outlive a crowd of other names, or whoever asks for enough of them can drive
 * a unit into its limit. False when every one has to stay. */
static bool make_room(struct units *units)
{
    uint64_t now_usec = clock_usec();
    struct unit *unit;

    if (units->n < UNITS_MAX)
        return true;
    TAILQ_FOREACH_REVERSE(unit, &units->list, unit_list, link)
        if (!unit->job && !unit->settle && !unit_remembers(unit, now_usec)) {
            unit_free(unit);
            return true;
        }
    return false;
}

static struct unit *unit_new(struct units *units, const char *name)
{
    _cleanup_(freep) struct unit *unit = make_room(units) ? calloc(1, sizeof(*unit)) : NULL;

    if (!unit)
        return NULL;
    unit->path = unit_read_path(name);
    if (!unit->path)
        return NULL;
    unit->units = units;
    (void)snprintf(unit->name, sizeof(unit->name), "%s", name);
    unit->last_usec = starts_last(units->starts, name);
    TAILQ_INSERT_HEAD(&units->list, unit, link);
    units->n++;
    return TAKE_PTR(unit);
}

struct unit *units_get(struct units *units, const char *name)
{
    struct unit *unit;

    TAILQ_FOREACH(unit, &units->list, link)
        if (strcmp(unit->name, name) == 0)
            break;
    if (!unit)
        return unit_new(units, name);
    TAILQ_REMOVE(&units->list, unit, link);
    TAILQ_INSERT_HEAD(&units->list, unit, link);
    return unit;
}

static const struct unit *find_unit(const struct units *units, const char *name)
{
    const struct unit *unit;

    TAILQ_FOREACH(unit, &units->list, link)
        if (strcmp(unit->name, name) == 0)
            return unit;
    return NULL;
}

uint64_t units_start_wait(const struct units *units, const char *name, const struct unit_state *state,
                          uint64_t now_usec)
{
    const struct start_record *record = starts_find(units->starts, name);
    const struct unit *unit = find_unit(units, name);
    struct start_log log = { 0 };
    uint64_t wait_usec;

    /* Out of memory: then a start less is counted. */
    (void)start_log_note(&log, &state->start_limit, state->last_start_usec, now_usec);
    for (size_t i = 0; unit && i < unit->starts.n; i++)
        (void)start_log_note(&log, &state->start_limit, unit->starts.stamps[i], now_usec);
    for (unsigned i = 0; record && i < record->n; i++)
        (void)start_log_note(&log, &state->start_limit, record->stamps[i], now_usec);
    wait_usec = start_log_wait(&log, &state->start_limit, now_usec);
    start_log_done(&log);
    return wait_usec;
}

uint64_t units_forgotten(const struct units *units)
{
    return units->forgotten_usec;
}

/* PID 1 read its units anew: nothing is live. */
static void on_reloaded(_unused_ bool settled, void *userdata)
{
    struct units *units = userdata;
    struct unit *unit;

    units->forgotten_usec = clock_usec();
    TAILQ_FOREACH(unit, &units->list, link) {
        unit->live = false;
        unit->missed = true;
    }
}

/* The matches are gone with the connection. */
static void on_lost(void *userdata)
{
    struct units *units = userdata;
    struct unit *unit;

    TAILQ_FOREACH(unit, &units->list, link)
        unwatch(unit);
}

bool units_remember(const struct units *units, uint64_t now_usec)
{
    const struct unit *unit;

    TAILQ_FOREACH(unit, &units->list, link)
        if (unit_remembers(unit, now_usec))
            return true;
    return false;
}

int units_new(struct systemd *systemd, struct starts *starts, struct units **ret)
{
    struct units *units = calloc(1, sizeof(*units));

    if (!units)
        return -ENOMEM;
    units->systemd = systemd;
    units->starts = starts;
    units->listener =
        (struct systemd_listener){ .reloaded = on_reloaded, .lost = on_lost, .userdata = units };
    systemd_listen(systemd, &units->listener);
    TAILQ_INIT(&units->list);
    *ret = units;
    return 0;
}

struct units *units_free(struct units *units)
{
    struct unit *unit;

    if (!units)
        return NULL;
    while ((unit = TAILQ_FIRST(&units->list)))
        unit_free(unit);
    systemd_listen_end(units->systemd, &units->listener);
    free(units);
    return NULL;
}
