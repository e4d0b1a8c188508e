/* What is known of a press by who has nothing but its word: whether it waits, is being carried out, is being
 * watched, or what came of it. */
#pragma once

#include <stdbool.h>

#include "broker/jobs/job-caller.h"

struct jobs;

/* True, and what is to be told of it: an outcome, or one of VERDICT_UNDER_WAY or VERDICT_WATCHING. The key is
 * that of who asks; the press may be somebody else's, and whoever calls decides whether he may know of its
 * unit. It is nobody's business how often this is asked: nothing is asked of systemd. */
bool pressed_recall(const struct jobs *jobs, const struct press_key *key, struct outcome *ret);
