/* Calls of restarter.changes in the world of broker-world.h. */
#pragma once

#include "tests/unit/broker-world.h"

enum { CHANGES_CURSOR_SIZE = 80 };

/* Begins the i-th call at that door. */
struct call *begin_changes(struct broker_world *w, size_t gate, size_t i, const char *cursor, int seconds);

/* Takes the cursor of an answer; "whole", the units, each with a blank behind it, or "". */
const char *changes_told(const struct call *call, char ret_cursor[static CHANGES_CURSOR_SIZE]);

/* Asks without waiting, and fails the test when he is told something else. */
void assert_changes(struct broker_world *w, size_t gate, char cursor[static CHANGES_CURSOR_SIZE],
                    const char *expected);

/* The call is taken, and waits: nothing comes of it for a while. */
void assert_waits(struct broker_world *w, const struct call *call);

/* Of the unit, as PID 1 tells it: another state than ever before. */
void change_unit(struct broker_world *w, const char *unit);
