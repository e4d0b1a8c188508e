/* The files first, and then what is read out of them. */
#include "broker/memory/memories.h"

#include <time.h>

#include "common/clock.h"

static int open_files(struct memories *m, const char *directory)
{
    int r = memory_new(directory, "presses", PRESSES_MAX, &m->presses_file);

    if (r >= 0)
        r = memory_new(directory, "starts", STARTS_MAX, &m->starts_file);
    if (r >= 0)
        r = memory_new(directory, "signed-out", SIGNED_OUT_MAX, &m->signed_out_file);
    if (r >= 0)
        r = memory_new(directory, "counters", COUNTERS_SLOTS, &m->counters_file);
    return r;
}

int memories_read(struct memories *m, const char *directory)
{
    uint64_t now_usec = clock_usec();
    int r = open_files(m, directory);

    if (r >= 0)
        r = counters_new(m->counters_file, &m->counters);
    if (r >= 0)
        r = presses_new(m->presses_file, now_usec, &m->presses);
    if (r >= 0)
        r = starts_new(m->starts_file, now_usec, &m->starts);
    return r >= 0 ? signed_out_new(m->signed_out_file, (uint64_t)time(NULL), &m->signed_out) : r;
}

void memories_done(struct memories *m)
{
    presses_free(m->presses);
    starts_free(m->starts);
    signed_out_free(m->signed_out);
    counters_free(m->counters);
    memory_free(m->presses_file);
    memory_free(m->starts_file);
    memory_free(m->signed_out_file);
    memory_free(m->counters_file);
}
