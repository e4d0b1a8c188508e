/* Something that is to be done soon, once, after what waits to be done already. Not one of sd-event's
 * deferred sources: such a one keeps the place in the queue that it had when it was armed for the first time,
 * so that one which is armed again and again comes before everything else of its priority, for ever. */
#pragma once

#include <systemd/sd-event.h>

/* *ret is not armed. 0 or a negative errno. */
int turn_new(sd_event *event, sd_event_time_handler_t callback, void *userdata, sd_event_source **ret);

/* Arms it, unless it is. Takes NULL. */
void turn_take(sd_event_source *turn);
