/* What sd-event and libmicrohttpd ask of the C library about time stands here in its place: a program's own
 * functions come before those of the libraries that it is linked with. */
#include "tests/unit/held-clock.h"

#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/epoll.h>
#include <sys/syscall.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

#include "common/clock.h"
#include "tests/unit/test.h"

enum { TIMERS_MAX = 16 };
#define NEVER UINT64_MAX

/* One of each event loop: those of sd-event that we use are all of CLOCK_MONOTONIC. */
struct timer {
    int fd;
    uint64_t due_usec;
};

static struct {
    bool is_held;
    int look_msec;                              /* really waited before it goes on */
    struct timespec since[CLOCK_MONOTONIC + 1]; /* when it was taken hold of, by CLOCK_REALTIME and by it */
    uint64_t passed_usec;                       /* since then */
    struct timer timers[TIMERS_MAX];
    size_t n_timers;
} held;

static uint64_t usec_of(const struct timespec *t)
{
    return (uint64_t)t->tv_sec * USEC_PER_SEC + (uint64_t)t->tv_nsec / 1000;
}

static uint64_t now_usec(void)
{
    return usec_of(&held.since[CLOCK_MONOTONIC]) + held.passed_usec;
}

/* --- timers --- */

/* The real one is due at once, and is waited for, or not at all. */
static void set_timer(int fd, bool is_due)
{
    const struct itimerspec when = { .it_value = { .tv_nsec = is_due } };
    struct pollfd due = { .fd = fd, .events = POLLIN };

    /* It may have been closed meanwhile. */
    if (syscall(SYS_timerfd_settime, fd, 0, &when, NULL) == 0 && is_due)
        (void)poll(&due, 1, -1);
}

static void ring(void)
{
    for (size_t i = 0; i < held.n_timers; i++)
        if (held.timers[i].due_usec <= now_usec()) {
            held.timers[i].due_usec = NEVER;
            set_timer(held.timers[i].fd, true);
        }
}

static uint64_t next_usec(void)
{
    uint64_t next = NEVER;

    for (size_t i = 0; i < held.n_timers; i++)
        if (held.timers[i].due_usec < next)
            next = held.timers[i].due_usec;
    return next;
}

static struct timer *get_timer(int fd)
{
    for (size_t i = 0; i < held.n_timers; i++)
        if (held.timers[i].fd == fd)
            return &held.timers[i];
    assert_true(held.n_timers < TIMERS_MAX);
    held.timers[held.n_timers].fd = fd;
    return &held.timers[held.n_timers++];
}

int timerfd_settime(int fd, int flags, const struct itimerspec *new, struct itimerspec *old)
{
    struct timer *timer;
    uint64_t usec = usec_of(&new->it_value);

    if (!held.is_held)
        return (int)syscall(SYS_timerfd_settime, fd, flags, new, old);
    timer = get_timer(fd);
    set_timer(fd, false);
    if (new->it_value.tv_sec == 0 && new->it_value.tv_nsec == 0)
        timer->due_usec = NEVER;
    else
        timer->due_usec = flags & TFD_TIMER_ABSTIME ? usec : now_usec() + usec;
    ring();
    return 0;
}

/* --- the loops --- */

static void go_to(uint64_t usec)
{
    if (usec > now_usec())
        held.passed_usec += usec - now_usec();
    ring();
}

static int wait_really(int fd, struct epoll_event *events, int max, int timeout)
{
    return (int)syscall(SYS_epoll_pwait, fd, events, max, timeout, NULL, (size_t)0);
}

static int wait_until(int fd, struct epoll_event *events, int max, uint64_t until_usec)
{
    go_to(now_usec() + HELD_TURN_USEC);
    for (;;) {
        int n = wait_really(fd, events, max, now_usec() < until_usec ? held.look_msec : 0);
        uint64_t next = next_usec();

        if (n != 0 || now_usec() >= until_usec)
            return n;
        if (next == NEVER && until_usec == NEVER)
            return wait_really(fd, events, max, -1);
        go_to(next < until_usec ? next : until_usec);
    }
}

int epoll_wait(int fd, struct epoll_event *events, int max, int timeout)
{
    if (!held.is_held)
        return wait_really(fd, events, max, timeout);
    return wait_until(fd, events, max, timeout < 0 ? NEVER : now_usec() + (uint64_t)timeout * USEC_PER_MSEC);
}

int epoll_pwait2(int fd, struct epoll_event *events, int max, const struct timespec *timeout,
                 const sigset_t *mask)
{
    if (!held.is_held)
        return (int)syscall(SYS_epoll_pwait2, fd, events, max, timeout, mask, (size_t)_NSIG / 8);
    return wait_until(fd, events, max, timeout ? now_usec() + usec_of(timeout) : NEVER);
}

/* --- the clock --- */

int clock_gettime(clockid_t id, struct timespec *ret)
{
    uint64_t usec;

    if (!held.is_held || (id != CLOCK_REALTIME && id != CLOCK_MONOTONIC && id != CLOCK_BOOTTIME &&
                          id != CLOCK_MONOTONIC_COARSE && id != CLOCK_REALTIME_COARSE))
        return (int)syscall(SYS_clock_gettime, id, ret);
    usec = usec_of(&held.since[id == CLOCK_REALTIME || id == CLOCK_REALTIME_COARSE ? CLOCK_REALTIME
                                                                                   : CLOCK_MONOTONIC]) +
           held.passed_usec;
    *ret = (struct timespec){ .tv_sec = (time_t)(usec / USEC_PER_SEC),
                              .tv_nsec = (long)(usec % USEC_PER_SEC) * 1000 };
    return 0;
}

time_t time(time_t *ret)
{
    struct timespec now = { 0 };

    (void)clock_gettime(CLOCK_REALTIME, &now);
    if (ret)
        *ret = now.tv_sec;
    return now.tv_sec;
}

static void hold(int look_msec)
{
    held.look_msec = look_msec;
    if (held.is_held)
        return;
    (void)syscall(SYS_clock_gettime, CLOCK_REALTIME, &held.since[CLOCK_REALTIME]);
    (void)syscall(SYS_clock_gettime, CLOCK_MONOTONIC, &held.since[CLOCK_MONOTONIC]);
    held.is_held = true;
}

void clock_hold(void)
{
    hold(0);
}

void clock_hold_beside_tcp(void)
{
    hold(1);
}

void clock_advance(uint64_t usec)
{
    go_to(now_usec() + usec);
}
