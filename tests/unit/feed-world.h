/* What is news to whom, over a PID 1 that does as the test says. The policy grants instances [0-9]+ to anna,
 * team.service to the group ops, all.service and own@NAME-[0-9].service to everybody; zoe is an admin. */
#pragma once

#include "broker/live/feed.h"
#include "broker/systemd/systemd.h"
#include "policy/in-force.h"
#include "tests/unit/fake-systemd.h"

enum { FEED_TEXT_SIZE = 8192 };

struct feed_world {
    struct fake fake;
    struct systemd *systemd;
    struct policy_in_force policy;
    struct feed *feed;
    unsigned n_ticks;
    char cursor[CURSOR_SIZE]; /* of whoever was told last */
    char text[FEED_TEXT_SIZE];
};

/* For cmocka: *state is a struct feed_world. */
int feed_set_up(void **state);
int feed_tear_down(void **state);

void feed_wait_for_tick(struct feed_world *w);
/* Whatever there was has come out. */
void feed_calm_down(struct feed_world *w);

/* w->cursor is that of somebody who begins: "front", or a person as in people.h. */
void feed_begin_at(struct feed_world *w, const char *who);
/* What he is told since a cursor, which may be w->cursor: "-", "whole", or units; w->cursor is his then. */
const char *feed_news_of(struct feed_world *w, const char *who, const char *cursor);

/* Whoever it is asks since the cursor that he was given last. */
struct feed_somebody {
    const char *who;
    char cursor[CURSOR_SIZE];
};
struct feed_somebody feed_somebody(struct feed_world *w, const char *who);
/* That, and then nothing more. */
void feed_assert_told(struct feed_world *w, struct feed_somebody *s, const char *expected);

/* The unit has gone on to that state, with a job or (0) without one. */
void feed_change(struct feed_world *w, const char *unit, const char *active, unsigned job);
