/* A PID 1 that does as the test says: it answers calls from what struct fake says of it, counts them, and
 * sends signals when told to. The bus under it is fake-systemd.h's. */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <systemd/sd-bus.h>
#include <systemd/sd-event.h>

#define FAKE_PID1 ":1.1"
#define FAKE_STRANGER ":1.66"

enum { FAKE_HELD_MAX = 256 };

/* What becomes of RestartUnit. */
enum fake_restart {
    FAKE_RESTARTS,    /* the path of a job; the test ends the job */
    FAKE_OVERTAKES,   /* the job is over before its path is told */
    FAKE_HOLDS,       /* no answer */
    FAKE_REFUSES,     /* PID 1 says that polkit said no */
    FAKE_BUS_REFUSES, /* the bus says no */
    FAKE_NO_SUCH_UNIT,
};

struct fake {
    sd_event *event;
    sd_event_source *listener;
    sd_bus *client; /* our end of the connection */
    int listen_fd;
    char directory[64], path[96];
    enum fake_restart restart;
    unsigned n_lists, n_asked_loaded, n_restarts, n_gets, n_matches, n_subscribes, n_connections;
    unsigned n_echoes; /* asked for what never changes */
    unsigned last_job;
    bool hold_gets, refuse_matches, job_is_gone;
    sd_bus_message *held[FAKE_HELD_MAX];
    unsigned n_held;
    /* The unit's properties. */
    const char *id;        /* NULL: the one that is asked for */
    const char *also;      /* another name of it; NULL: none */
    const char *sub_state; /* NULL: running */
    const char *load_state, *active_state, *file_state, *type, *result;
    unsigned char invocation; /* 0: it never ran */
    uint64_t last_start_usec, limit_interval_usec;
    uint32_t limit_burst, restarts_told;
    bool need_daemon_reload, can_reload;
    const char *text; /* its description, and what it says of itself; NULL: nothing */
    int32_t exec_main_code;
    unsigned n_crowd;                           /* units a@u0000.service and on, in the list as well */
    const char *(*listed_as)(const char *unit); /* ActiveState of a unit there; NULL: all are active */
    const char *last_member;                    /* of the verb that was called last */
};

/* A job ended, as whoever is `sender` says; a@1.service's. */
void fake_job_removed_by(struct fake *f, const char *sender, unsigned job, const char *result);

/* The last job ends. */
void fake_job_ends(struct fake *f, const char *result);

/* The unit's property has the value that `f` now says. */
void fake_changed_by(struct fake *f, const char *sender, const char *unit, const char *property);

/* It has gone on to these states, with a job or (0) without one. */
void fake_moved_by(struct fake *f, const char *sender, const char *unit, const char *active, const char *sub,
                   unsigned job);

/* UnitNew, or UnitRemoved. */
void fake_loaded_by(struct fake *f, const char *sender, const char *unit, bool loaded);

void fake_reloading(struct fake *f, bool active);

void fake_unit_files_changed(struct fake *f);

/* Of systemd's name on the bus; "" is nobody. */
void fake_owner_changed(struct fake *f, const char *before, const char *after);

/* Answers a call, or keeps it back; fails the test when nothing of ours may call that. */
void fake_answer(struct fake *f, sd_bus_message *call);

/* The answers that were kept back by hold_gets. */
void fake_answer_held(struct fake *f);
