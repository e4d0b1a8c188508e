/* All the watches. */
#pragma once

#include <stdint.h>

#include "broker/jobs/settle.h"

enum { SETTLES_MAX = 128 }; /* watches at once; one more ends the one that began longest ago */

/* The job of the outcome is over: from here on its callers are the watch's, and each gets his answer when
 * his time is over. May answer, and end, at once. */
void settles_begin(struct settles *settles, struct unit *unit, const struct outcome *outcome,
                   uint64_t own_usec, uint64_t serial, struct job_caller_list *callers);

/* PID 1 was reloaded: what happened meanwhile is asked for. */
void settles_check(struct settles *settles);
/* The connection is gone: what becomes of the units is not known. */
void settles_lose(struct settles *settles);
/* All end, as by settle_end(). */
void settles_end(struct settles *settles, const char *cut);
/* Nobody is answered. */
void settles_free(struct settles *settles);
