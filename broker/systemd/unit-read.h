/* All properties of one unit, asked for in one go: the questions are sent together and cost one round trip.
 * For a unit that is not loaded, systemd loads it to answer, anew for each question: who asks on behalf of
 * somebody who only named it asks gently. */
#pragma once

#include "broker/systemd/systemd-call.h"
#include "broker/systemd/unit-state.h"

struct unit_read;

/* `fault` is BUS_FAULT_NONE when everything was read; `text` as in struct systemd_answer. */
typedef void (*unit_read_done)(enum bus_fault fault, const char *text, void *userdata);

/* What the state is wanted for. */
enum unit_read_use {
    UNIT_READ_STATUS,
    UNIT_READ_RESTART, /* of a unit that is up, or enabled */
    UNIT_READ_START,   /* of a stopped one as well */
};

/* Reads into *state, which must live as long. `done` is called exactly once, from the event loop, unless the
 * read is freed first; the read is still the caller's then. A negative errno: nothing will come. */
int unit_read_new(struct systemd *systemd, const char *path, struct unit_state *state, unit_read_done done,
                  void *userdata, struct unit_read **ret);
/* The same in steps. First whether it is loaded and runs, which costs systemd next to nothing; if not, it has
 * a rate (look-rate.h), beyond which the fault is BUS_FAULT_TOO_OFTEN; then what can refuse a restart: the
 * rest is read only when that does not. -EAGAIN: too often, and nothing is asked. */
int unit_read_gently(struct systemd *systemd, const char *unit, enum unit_read_use use,
                     struct unit_state *state, unit_read_done done, void *userdata, struct unit_read **ret);
/* Everything was read. */
bool unit_read_is_whole(const struct unit_read *read);
/* Takes NULL. Returns NULL. */
struct unit_read *unit_read_free(struct unit_read *read);

/* The D-Bus path of a unit, the caller's to free; NULL when out of memory. */
char *unit_read_path(const char *unit);
