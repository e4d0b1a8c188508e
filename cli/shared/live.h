/* The system that runs: its bus, its systemd and its polkitd. Functions return an exit status, after saying
 * what is wrong, so that verbs can just hand it on. */
#pragma once

#include <stdbool.h>
#include <systemd/sd-bus.h>

#include "policy/policy.h"
#include "polkit/ask/ask.h"
#include "polkit/ask/matrix.h"

struct live {
    sd_bus *bus;
    struct asker *asker;
};
int live_open(struct live *live);
void live_done(struct live *live);

/* Puts the matrix together, and asks. */
int live_build(struct live *live, const struct policy *policy, bool foreign, struct matrix *ret);
int live_ask(struct live *live, struct matrix *matrix);
/* Asks what another process of the broker's user may do, where that is not the same. */
int live_ask_stranger(struct live *live, struct matrix *matrix);
