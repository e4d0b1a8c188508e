/* A timer that is over at once. */
#include "common/turn.h"

#include <time.h>

int turn_new(sd_event *event, sd_event_time_handler_t callback, void *userdata, sd_event_source **ret)
{
    sd_event_source *turn = NULL;
    int r = sd_event_add_time(event, &turn, CLOCK_MONOTONIC, 0, 1, callback, userdata);

    if (r >= 0)
        r = sd_event_source_set_enabled(turn, SD_EVENT_OFF);
    if (r < 0) {
        sd_event_source_disable_unref(turn);
        return r;
    }
    *ret = turn;
    return 0;
}

void turn_take(sd_event_source *turn)
{
    if (turn)
        (void)sd_event_source_set_enabled(turn, SD_EVENT_ONESHOT);
}
