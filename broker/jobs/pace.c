/* Two reasons to hold: the last job was shared, so a crowd is at it; or the unit's starts are counted, and a
 * crowd must not use them up. A default unit may be started every two seconds in the long run, so holding
 * half of that takes nothing away. */
#include "broker/jobs/pace.h"

enum { HOLD_USEC = 1000 * 1000 }; /* at most */

static uint64_t span(const struct pace *pace, const struct start_limit *limit)
{
    uint64_t half;

    if (pace->callers > 1)
        return HOLD_USEC;
    if (!start_limit_is_set(limit))
        return 0;
    half = limit->interval_usec / limit->burst / 2;
    return half < HOLD_USEC ? half : HOLD_USEC;
}

uint64_t pace_hold(const struct pace *pace, const struct start_limit *limit, uint64_t now_usec)
{
    uint64_t until;

    if (pace->ended_usec == 0)
        return 0;
    until = pace->ended_usec + span(pace, limit);
    return until > now_usec ? until - now_usec : 0;
}

uint64_t pace_cooldown(uint64_t last_start_usec, uint64_t cooldown_usec, uint64_t now_usec)
{
    if (last_start_usec == 0 || now_usec >= last_start_usec + cooldown_usec)
        return 0;
    return last_start_usec + cooldown_usec - now_usec;
}
