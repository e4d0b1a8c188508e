/* Two reasons to hold: the last job was shared, so a crowd is at it; or the unit's starts are counted, and a
 * crowd must not use them up. A default unit may be started every two seconds in the long run, so holding
 * half of that takes nothing away. */
#include "broker/pace.h"

#include "broker/clock.h"

enum {
    CROWD_USEC = 250 * 1000,    /* for a unit without a limit */
    LIMITED_USEC = 1000 * 1000, /* at most, for a unit with one */
};

static uint64_t span(const struct pace *pace, const struct start_limit *limit)
{
    uint64_t half;

    if (!start_limit_is_set(limit))
        return pace->callers > 1 ? CROWD_USEC : 0;
    half = limit->interval_usec / limit->burst / 2;
    return half < LIMITED_USEC ? half : LIMITED_USEC;
}

uint64_t pace_hold(const struct pace *pace, const struct start_limit *limit, uint64_t now_usec)
{
    uint64_t until;

    if (pace->ended_usec == 0)
        return 0;
    until = pace->ended_usec + span(pace, limit);
    return until > now_usec ? until - now_usec : 0;
}
