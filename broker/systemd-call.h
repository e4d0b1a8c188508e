/* One question to PID 1 and its one answer, without blocking. */
#pragma once

#include <stdint.h>

#include "broker/bus-fault.h"
#include "broker/systemd.h"

enum { SYSTEMD_TEXT_SIZE = 200 };

struct systemd_answer {
    enum bus_fault fault;
    char text[SYSTEMD_TEXT_SIZE]; /* for a fault: systemd's own words, cleaned */
    sd_bus_message *message;      /* for none: the reply, read from its start; borrowed */
};

struct systemd_call;
typedef void (*systemd_answered)(const struct systemd_answer *answer, void *userdata);

/* Each starts a call. `answered` is called exactly once, from the event loop, unless the call is freed first;
 * the call is still the caller's then. A negative errno: nothing was sent. -ENOTCONN when PID 1 cannot be
 * reached. */
int systemd_call_restart(struct systemd *systemd, const char *unit, systemd_answered answered, void *userdata,
                         struct systemd_call **ret);
int systemd_call_get(struct systemd *systemd, const char *path, const char *interface, const char *property,
                     systemd_answered answered, void *userdata, struct systemd_call **ret);
/* ListUnitsByPatterns and ListUnitFilesByPatterns, for units in any state; `patterns` is NULL-terminated. */
int systemd_call_list_units(struct systemd *systemd, char **patterns, systemd_answered answered,
                            void *userdata, struct systemd_call **ret);
int systemd_call_list_unit_files(struct systemd *systemd, char **patterns, systemd_answered answered,
                                 void *userdata, struct systemd_call **ret);

/* The connection is given up: what was sent is answered with BUS_FAULT_NO_REPLY, the rest with …_NOT_THERE.
 */
void systemd_calls_drop(struct systemd *systemd);

/* Gives up on the answer. Takes NULL. Returns NULL. */
struct systemd_call *systemd_call_free(struct systemd_call *call);
