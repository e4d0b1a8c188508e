/* The way to PID 1: one connection to the system bus, kept up. Nothing here blocks; the connection is started
 * at once and what is sent before it stands waits in its queue, so the first call costs no round trip more.
 * PID 1 is told from everybody else who may send a signal by its unique name. */
#pragma once

#include <stdbool.h>
#include <sys/queue.h>
#include <systemd/sd-bus.h>
#include <systemd/sd-event.h>

#include "broker/systemd/systemd-queue.h"

#define SYSTEMD_SERVICE "org.freedesktop.systemd1"
#define SYSTEMD_PATH "/org/freedesktop/systemd1"
#define SYSTEMD_MANAGER "org.freedesktop.systemd1.Manager"

struct look_rate;
struct systemd;

/* Whoever waits for what PID 1 tells. A callback that is NULL is not called. */
struct systemd_listener {
    TAILQ_ENTRY(systemd_listener) link;
    /* A job of any unit is over. */
    void (*job_removed)(const char *path, const char *result, void *userdata);
    /* PID 1 reads its units anew or was executed anew: what was known of them may be wrong now. When
     * `settled`, that is over and PID 1 answers. */
    void (*reloaded)(bool settled, void *userdata);
    /* Which units are enabled may have changed. */
    void (*unit_files_changed)(void *userdata);
    /* The connection is gone; every call under way has been answered with BUS_FAULT_NO_REPLY. */
    void (*lost)(void *userdata);
    void *userdata;
};

int systemd_new(sd_event *event, struct systemd **ret);
/* Starts the connection. Without a bus it keeps trying; -ENOMEM is the only error. */
int systemd_start(struct systemd *systemd);
/* Takes NULL. Returns NULL. */
struct systemd *systemd_free(struct systemd *systemd);

/* The listener stays the caller's, until it is told of nothing any more. They are told one after the other,
 * in the order in which they began to listen: who goes by what another one keeps begins after that one. None
 * may begin or end from within a callback. */
void systemd_listen(struct systemd *systemd, struct systemd_listener *listener);
void systemd_listen_end(struct systemd *systemd, struct systemd_listener *listener);

/* The connection to send on; NULL while PID 1 cannot be reached. */
sd_bus *systemd_bus(const struct systemd *systemd);

/* PID 1 tells us of every change (Subscribe was answered). */
bool systemd_is_subscribed(const struct systemd *systemd);

/* The message is PID 1's own: any local user may send signals that look like it. */
bool systemd_is_sender(const struct systemd *systemd, sd_bus_message *m);

struct systemd_queue *systemd_queue(struct systemd *systemd);

/* How often it was asked about units that do not run. */
struct look_rate *systemd_look_rate(struct systemd *systemd);
