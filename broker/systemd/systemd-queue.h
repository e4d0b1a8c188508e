/* What is asked of PID 1 and not answered yet. dbus-daemon lets a connection wait for 128 answers at once and
 * refuses what goes beyond: the rest waits here. */
#pragma once

#include <stdint.h>
#include <sys/queue.h>
#include <systemd/sd-bus.h>

#include "broker/systemd/bus-fault.h"

enum { SYSTEMD_TEXT_SIZE = 200 };

struct systemd_answer {
    enum bus_fault fault;
    char text[SYSTEMD_TEXT_SIZE]; /* for a fault: systemd's own words, cleaned */
    sd_bus_message *message;      /* for none: the reply, read from its start; borrowed */
};

struct systemd_call;
typedef void (*systemd_answered)(const struct systemd_answer *answer, void *userdata);

TAILQ_HEAD(systemd_calls, systemd_call);
struct systemd_queue {
    sd_bus *bus; /* borrowed; NULL while PID 1 cannot be reached */
    struct systemd_calls sent, waiting;
    unsigned n_sent;
};
void systemd_queue_init(struct systemd_queue *queue);

/* Sends the message, or has it wait. `answered` is called exactly once, from the event loop, unless the call
 * is freed first; the call is still the caller's then. A negative errno: nothing was sent. -ENOTCONN when PID
 * 1 cannot be reached. */
int systemd_queue_send(struct systemd_queue *queue, sd_bus_message *m, uint64_t timeout_usec,
                       systemd_answered answered, void *userdata, struct systemd_call **ret);

/* The connection is given up: what was sent is answered with BUS_FAULT_NO_REPLY, the rest with …_NOT_THERE.
 */
void systemd_queue_drop(struct systemd_queue *queue);

/* Gives up on the answer. Takes NULL. Returns NULL. */
struct systemd_call *systemd_call_free(struct systemd_call *call);
