/* Two clocks, in microseconds. What is compared with what systemd reports, and whatever waits, goes by
 * CLOCK_MONOTONIC; what the journal has, by the other one. */
#pragma once

#include <stdint.h>
#include <time.h>

#define USEC_PER_SEC UINT64_C(1000000)
#define USEC_PER_MSEC UINT64_C(1000)

static inline uint64_t clock_read_usec(clockid_t clock)
{
    struct timespec now = { 0 };

    (void)clock_gettime(clock, &now);
    return (uint64_t)now.tv_sec * USEC_PER_SEC + (uint64_t)now.tv_nsec / 1000;
}

static inline uint64_t clock_usec(void)
{
    return clock_read_usec(CLOCK_MONOTONIC);
}

static inline uint64_t clock_realtime_usec(void)
{
    return clock_read_usec(CLOCK_REALTIME);
}
