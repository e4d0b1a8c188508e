/* Whoever waits for what PID 1 tells, and the telling. */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <sys/queue.h>

/* What PID 1 told of one service; what it did not is NULL or false. Texts are borrowed for the call. */
struct unit_change {
    enum {
        UNIT_CHANGED,
        UNIT_LOADED,   /* PID 1 knows it now; of its state nothing is told */
        UNIT_UNLOADED, /* and now no more: it is not running, if it still has a file */
    } kind;
    const char *active_state, *sub_state; /* both or none, and `since_usec` with them */
    const char *result;                   /* the service's Result */
    uint64_t since_usec;                  /* StateChangeTimestamp, CLOCK_REALTIME; 0: unknown */
    bool has_job;                         /* `job` was told */
    uint32_t job;                         /* that is under way; 0: none */
};

/* A callback that is NULL is not called. */
struct systemd_listener {
    TAILQ_ENTRY(systemd_listener) link;
    /* A job of any unit is over. */
    void (*job_removed)(const char *path, const char *result, void *userdata);
    /* PID 1 reads its units anew or was executed anew: what was known of them may be wrong now. When
     * `settled`, that is over and PID 1 answers. */
    void (*reloaded)(bool settled, void *userdata);
    /* Which units are enabled may have changed. */
    void (*unit_files_changed)(void *userdata);
    /* Something about a service whose name is of our grammar, granted or not: its own name, never an alias.
     * One change of a unit comes in several of these (first what a service has, then what all units have),
     * and not each of them changes anything that was told. Only while changes are heard. */
    void (*unit_changed)(const char *unit, const struct unit_change *change, void *userdata);
    /* From here on no change is missed; or, not `heard`: from here on changes are missed, until they are
     * heard again. Not heard at first, when the connection is lost, and for a while when there were more than
     * a broker should listen to (unit-signals.h). */
    void (*units_heard)(bool heard, void *userdata);
    /* The connection is gone; every call under way has been answered with BUS_FAULT_NO_REPLY. */
    void (*lost)(void *userdata);
    void *userdata;
};

TAILQ_HEAD(systemd_listeners, systemd_listener);

/* Somebody wants to be told of units' changes. */
bool listeners_want_units(const struct systemd_listeners *listeners);

void listeners_job_removed(const struct systemd_listeners *listeners, const char *path, const char *result);
void listeners_reloaded(const struct systemd_listeners *listeners, bool settled);
void listeners_unit_files_changed(const struct systemd_listeners *listeners);
void listeners_unit_changed(const struct systemd_listeners *listeners, const char *unit,
                            const struct unit_change *change);
void listeners_units_heard(const struct systemd_listeners *listeners, bool heard);
void listeners_lost(const struct systemd_listeners *listeners);
