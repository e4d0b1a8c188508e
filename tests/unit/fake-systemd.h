/* A bus with a PID 1 on it that does as the test says, on the test's own event loop: the broker's side of the
 * connection is real, down to the bytes. One client at a time; calls are answered at once unless they are
 * held. */
#pragma once

#include "tests/unit/fake-pid1.h"

/* Makes the bus's socket, which DBUS_SYSTEM_BUS_ADDRESS then names; nobody accepts yet. The test is killed
 * when it is not over in two minutes. */
void fake_start(struct fake *f);

/* Takes a reference to the loop. */
void fake_accept_on(struct fake *f, sd_event *event);

/* Both, on a loop of its own. */
void fake_start_alone(struct fake *f);

/* Ends what fake_start() and fake_accept_on() began. */
void fake_stop(struct fake *f);

/* The connection ends, and with it what was held; the next one is accepted. */
void fake_hang_up(struct fake *f);

/* Nobody can connect any more. */
void fake_unlisten(struct fake *f);

/* Makes the socket anew after fake_unlisten(); fake_accept_on() then lets clients in. */
void fake_listen(struct fake *f);

/* Runs the loop until nothing happens for `msec`. */
void fake_settle(struct fake *f, uint64_t msec);
