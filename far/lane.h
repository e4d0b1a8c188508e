/* One of those who are connected. Used by lanes.c alone. */
#pragma once

#include <stdbool.h>
#include <systemd/sd-event.h>

enum {
    LANE_SILENT_USEC = 10 * 1000 * 1000, /* to say something */
    LANE_QUEUE_USEC = 30 * 1000 * 1000,  /* for a place, or for whoever connects before */
};

enum lane_state {
    LANE_SILENT,      /* has said nothing yet, and costs no ssh */
    LANE_QUEUED,      /* has, and waits for a place */
    LANE_OPENING,     /* ssh is on its way */
    LANE_OPEN,        /* and there */
    LANE_TURNED_AWAY, /* is told why not */
};

struct lane;

struct lane_events {
    /* It has something to say: lane_queue() has been done. */
    void (*spoke)(void *userdata);
    /* ssh is there. */
    void (*opened)(struct lane *lane, void *userdata);
    /* It is not: the lane is to be turned away. */
    void (*failed)(struct lane *lane, const char *why, void *userdata);
    /* It has waited too long for a place. */
    void (*waited)(struct lane *lane, void *userdata);
    /* It has left, or is through: the lane is to be freed. */
    void (*over)(struct lane *lane, void *userdata);
    void *userdata;
};

struct ssh_request;

/* Takes the descriptor over, in any case. `events` is borrowed. 0 or a negative errno. */
int lane_new(sd_event *event, int fd, const struct lane_events *events, struct lane **ret);
/* Takes NULL. Returns NULL. */
struct lane *lane_free(struct lane *lane);

enum lane_state lane_state(const struct lane *lane);
/* It is open, and its last word was a question. */
bool lane_owes(const struct lane *lane);
/* The place that it was given; -1: none. */
int lane_place(const struct lane *lane);

/* A queued one gets its place, and its ssh is started. 0 or a negative errno: then it has neither. */
int lane_open(struct lane *lane, int place, const struct ssh_request *request);
/* One that is not open is told so. 0 or a negative errno: then it is to be freed. The place is given back by
 * who gave it. */
int lane_turn_away(struct lane *lane, const char *why);
/* Why the session of one that is over has ended; "" when that is nobody's fault. */
const char *lane_why_ended(struct lane *lane);
