/* The parts of the web front that are for another machine: what is that machine's own, and the rest of this
 * one's. */
#pragma once

#include <stdint.h>

#include "webfront/calls/fars.h"
#include "webfront/calls/names.h"
#include "webfront/settings.h"

/* One for each machine of the settings, which stay the caller's and live longer; so do `home` and `names`.
 * `patience` is what pages have for a restart, in seconds. 0 or a negative errno. */
int far_parts_new(const struct parts *home, const struct settings *settings, struct names *names,
                  unsigned patience, struct fars *ret);
/* Takes nothing new there, and answers all that wait. */
void far_parts_stop(const struct fars *fars);
/* Of those who still wait for a list. */
void far_parts_stop_lists(const struct fars *fars);
void far_parts_done(struct fars *fars);
