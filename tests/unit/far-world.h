/* Other machines beside a web front under test: a machines.conf, and for each of them a broker at its socket,
 * which does as it is told like that of this machine (web-fixture.h). */
#pragma once

#include "tests/unit/web-client.h"

enum { FAR_MAX = 4 };

struct far_world {
    struct web *web;
    size_t n;
    char directory[64];
    struct web far[FAR_MAX]; /* "web1" and so on; only what is a broker's in them counts */
};

/* For cmocka: so many beside a web front of its own; *state is a struct far_world. */
int far_world_set_up(void **state, size_t n);
int far_world_tear_down(void **state);

/* The parts of these. From the next setup of a web front on there are so many; 0: none, as before. */
void far_world_prepare(size_t n);
/* They are there, beside that front, which a setup has made. */
struct far_world *far_world_new(struct web *web);
/* Before the front's teardown. */
void far_world_free(struct far_world *world);

/* Somebody presses web1's unit at this front, and web1's broker has the press and holds its answer. Returns
 * his connection, which is his to close. */
int far_world_press_held(struct far_world *world);
