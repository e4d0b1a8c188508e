/* The other machines, each with parts of its own: its calls, its lists, what open pages are told of it. So
 * one that is slow, or gone, or lies, keeps nobody waiting but those who ask for it. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "webfront/calls/parts.h"

struct fars {
    struct parts *list; /* in the order of machines.conf */
    size_t n;
};

/* NULL: there is none of that name. */
struct parts *fars_find(const struct fars *fars, const char *machine);
/* The parts that a request is for: those of another machine, or those that came; NULL: there is no machine of
 * that name. `machine` may be "". */
struct parts *fars_choose(struct parts *parts, const char *machine);

/* What a form says of its machine, "" being this one, is what these parts are of. */
bool fars_is_that(const struct parts *parts, const char *machine);

/* Somebody signed out here: what is kept of any machine's list is out of date (list_cache_drop()). `fars` may
 * be NULL. */
void fars_drop_lists(const struct fars *fars);

/* In whole seconds, 1 at the least; 0: it answers. */
uint64_t fars_silent_sec(const struct parts *far);
