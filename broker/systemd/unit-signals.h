/* Changes of all services, as PID 1 tells them: the matches for them on the bus, and the brake. A bus can
 * match by path and by its prefix, but a template is not such a prefix, and 512 rules are all that a
 * connection may have: so the signals of every unit arrive here, however little of them is of use. Each costs
 * some microseconds, and what the bus tells comes before all else that the broker does. More than
 * UNIT_SIGNALS_MAX in a second are not listened to: the matches are taken back for UNIT_SIGNALS_DEAF_MSEC,
 * and listeners are told so. */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <systemd/sd-bus.h>
#include <systemd/sd-event.h>

#include "broker/systemd/listeners.h"

enum {
    UNIT_SIGNALS_MAX = 4000,
    UNIT_SIGNALS_DEAF_MSEC = 1000,
    UNIT_SIGNALS_MATCHES = 4,
};

struct unit_signals {
    const struct systemd_listeners *listeners;
    bool (*is_pid1)(sd_bus_message *m, void *userdata); /* it is the sender */
    void *userdata;
    sd_bus *bus;             /* while there is one, and somebody wants to know; borrowed */
    sd_event_source *listen; /* again, when it is time */
    sd_bus_slot *slots[UNIT_SIGNALS_MATCHES];
    unsigned n_taken;          /* of the matches, by the bus */
    bool is_subscribed, heard; /* PID 1 tells; and nothing is missed */
    bool complained, braked;   /* the journal was told so */
    unsigned max;              /* UNIT_SIGNALS_MAX */
    unsigned n;                /* signals since then */
    uint64_t since_usec;
};

/* What is handed in stays the caller's. */
int unit_signals_init(struct unit_signals *s, sd_event *event, const struct systemd_listeners *listeners,
                      bool (*is_pid1)(sd_bus_message *m, void *userdata), void *userdata);
void unit_signals_done(struct unit_signals *s);

/* There is a connection, on which nobody is told that it has been so far. Without the matches all else works,
 * and listeners hear nothing. */
void unit_signals_begin(struct unit_signals *s, sd_bus *bus);
/* It is given up, and its bus must not be used any more. */
void unit_signals_end(struct unit_signals *s);
/* PID 1 tells of changes, or does no more. */
void unit_signals_set_subscribed(struct unit_signals *s, bool subscribed);
