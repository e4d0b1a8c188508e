/* All properties of one unit, asked for in one go: the questions are sent together and cost one round trip.
 * (For a unit that is not loaded, systemd loads it to answer.) */
#pragma once

#include "broker/systemd-call.h"
#include "broker/unit-state.h"

struct unit_read;

/* `fault` is BUS_FAULT_NONE when everything was read; `text` as in struct systemd_answer. */
typedef void (*unit_read_done)(enum bus_fault fault, const char *text, void *userdata);

/* Reads into *target, which must live as long. `done` is called exactly once, from the event loop, unless the
 * read is freed first; the read is still the caller's then. A negative errno: nothing will come. */
int unit_read_new(struct systemd *systemd, const char *path, struct unit_state *target, unit_read_done done,
                  void *userdata, struct unit_read **ret);
/* Takes NULL. Returns NULL. */
struct unit_read *unit_read_free(struct unit_read *read);

/* The D-Bus path of a unit, the caller's to free; NULL when out of memory. */
char *unit_read_path(const char *unit);
