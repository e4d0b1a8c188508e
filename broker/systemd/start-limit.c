/* The log of starts. Arrays of a few numbers: a default unit counts five. */
#include "broker/systemd/start-limit.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "common/array.h"
#include "common/clock.h"

enum { SECONDS_MAX = 86400 };

void start_log_done(struct start_log *log)
{
    free(log->stamps);
    *log = (struct start_log){ 0 };
}

bool start_limit_is_set(const struct start_limit *limit)
{
    return limit->interval_usec > 0 && limit->burst > 0 && limit->burst <= START_LIMIT_BURST_MAX;
}

/* systemd counts a start that is exactly one interval old. */
static bool is_young(uint64_t stamp, const struct start_limit *limit, uint64_t now_usec)
{
    return stamp >= now_usec || now_usec - stamp <= limit->interval_usec;
}

static void forget(struct start_log *log, size_t n)
{
    memmove(log->stamps, log->stamps + n, (log->n - n) * sizeof(*log->stamps));
    log->n -= n;
}

/* More than the burst need not be remembered: the newest ones decide. */
static void forget_old(struct start_log *log, const struct start_limit *limit, uint64_t now_usec)
{
    size_t n = log->n > START_LIMIT_BURST_MAX ? log->n - START_LIMIT_BURST_MAX : 0;

    while (n < log->n && !is_young(log->stamps[n], limit, now_usec))
        n++;
    if (n > 0)
        forget(log, n);
}

int start_log_note(struct start_log *log, const struct start_limit *limit, uint64_t stamp, uint64_t now_usec)
{
    size_t i;

    if (stamp == 0 || !start_limit_is_set(limit))
        return 0;
    for (i = log->n; i > 0 && log->stamps[i - 1] >= stamp; i--)
        if (log->stamps[i - 1] == stamp)
            return 0;
    if (!ARRAY_ROOM(log->stamps, log->n))
        return -ENOMEM;
    memmove(log->stamps + i + 1, log->stamps + i, (log->n - i) * sizeof(*log->stamps));
    log->stamps[i] = stamp;
    log->n++;
    forget_old(log, limit, now_usec);
    return 0;
}

size_t start_log_young(const struct start_log *log, const struct start_limit *limit, uint64_t now_usec)
{
    size_t n = 0;

    if (!start_limit_is_set(limit))
        return 0;
    while (n < log->n && is_young(log->stamps[log->n - 1 - n], limit, now_usec))
        n++;
    return n;
}

uint64_t start_log_wait(const struct start_log *log, const struct start_limit *limit, uint64_t now_usec)
{
    size_t young = start_log_young(log, limit, now_usec);
    uint64_t first;

    if (!start_limit_is_set(limit) || young < limit->burst)
        return 0;
    /* With this one out of the interval, one less than the burst is left in it. */
    first = log->stamps[log->n - limit->burst];
    if (limit->interval_usec >= UINT64_MAX - first - 1)
        return UINT64_MAX;
    return first + limit->interval_usec + 1 - now_usec;
}

unsigned start_limit_seconds(uint64_t usec)
{
    uint64_t seconds = usec / USEC_PER_SEC + (usec % USEC_PER_SEC > 0);

    return seconds < 1 ? 1 : seconds > SECONDS_MAX ? SECONDS_MAX : (unsigned)seconds;
}

/* --- how soon --- */

/* Two reasons to hold: the last job was shared, so a crowd is at it; or the unit's starts are counted, and a
 * crowd must not use them up. A default unit may be started every two seconds in the long run, so holding
 * half of that takes nothing away. */
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
