/* The one call that a web front has open at the broker for all its pages: restarter.changes, asked by nobody
 * in particular, which answers when something that anybody may see has changed, and says no more than that.
 */
#pragma once

#include <stdbool.h>

#include "webfront/calls/calls.h"

struct watch;

enum { WATCH_FAILURES = 2 }; /* calls in a row without an answer that makes sense: the broker is lost */

struct watch_callbacks {
    void (*changed)(void *userdata); /* each page's list is to be asked for; also when the broker is back */
    void (*lost)(void *userdata);    /* the broker does not answer, once for each time that it stops to */
    void *userdata;
};

/* `calls` stays the caller's. 0 or -ENOMEM. */
int watch_new(sd_event *event, struct calls *calls, const struct watch_callbacks *callbacks,
              struct watch **ret);
/* Takes NULL. Returns NULL. */
struct watch *watch_free(struct watch *watch);

/* Begins to ask, unless it does so already; the first answer always says that something has changed. */
void watch_start(struct watch *watch);
void watch_stop(struct watch *watch);
bool watch_is_lost(const struct watch *watch);
