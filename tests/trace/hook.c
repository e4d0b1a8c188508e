/* Linked into the daemons by tests/trace/run, which has each function of ours announce itself: remembers
 * which functions ran since the daemon last rested, in the order in which they first did, and prints the
 * burst before the last one at the end. A click, a rest and the daemon's end thus leave that click. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define PLAIN __attribute__((no_instrument_function))

enum { FUNCTIONS_MAX = 4096, REST_SEC = 3 };

struct burst {
    const void *functions[FUNCTIONS_MAX];
    size_t n;
};

extern const char __executable_start;
static struct burst now, before;
static time_t last;

void PLAIN __cyg_profile_func_enter(void *function, void *caller);
void PLAIN __cyg_profile_func_exit(void *function, void *caller);

static void PLAIN print_before(void)
{
    for (size_t i = 0; i < before.n; i++)
        (void)fprintf(stderr, "0x%tx\n", (const char *)before.functions[i] - &__executable_start);
}

static void PLAIN begin_burst(void)
{
    struct timespec time;

    (void)clock_gettime(CLOCK_MONOTONIC, &time);
    if (last == 0)
        (void)atexit(print_before);
    if (time.tv_sec - last >= REST_SEC) {
        before = now;
        now.n = 0;
    }
    last = time.tv_sec;
}

void __cyg_profile_func_enter(void *function, void *caller)
{
    (void)caller;
    begin_burst();
    for (size_t i = 0; i < now.n; i++)
        if (now.functions[i] == function)
            return;
    if (now.n < FUNCTIONS_MAX)
        now.functions[now.n++] = function;
}

void __cyg_profile_func_exit(void *function, void *caller)
{
    (void)function;
    (void)caller;
}
