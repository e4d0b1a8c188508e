/* The way to PID 1: one connection to the system bus, kept up. Nothing here blocks; the connection is started
 * at once and what is sent before it stands waits in its queue, so the first call costs no round trip more.
 * PID 1 is told from everybody else who may send a signal by its unique name. */
#pragma once

#include <stdbool.h>
#include <systemd/sd-bus.h>
#include <systemd/sd-event.h>

#include "broker/systemd/listeners.h"
#include "broker/systemd/systemd-names.h"
#include "broker/systemd/systemd-queue.h"

struct look_rate;
struct systemd;

int systemd_new(sd_event *event, struct systemd **ret);
/* Starts the connection. Without a bus it keeps trying; -ENOMEM is the only error. */
int systemd_start(struct systemd *systemd);
/* Takes NULL. Returns NULL. */
struct systemd *systemd_free(struct systemd *systemd);

/* The listener stays the caller's, until it is told of nothing any more. They are told one after the other,
 * in the order in which they began to listen: who goes by what another one keeps begins after that one. None
 * may begin or end from within a callback; who wants to know of units' changes begins before
 * systemd_start(). */
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
