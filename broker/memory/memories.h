/* All that is remembered, each in a file of its own. */
#pragma once

#include "broker/memory/counters.h"
#include "broker/memory/memory.h"
#include "broker/memory/press.h"
#include "broker/memory/signed-out.h"
#include "broker/memory/starts.h"

struct memories {
    struct presses *presses;
    struct starts *starts;
    struct counters *counters;
    struct signed_out *signed_out;
    struct memory *presses_file, *starts_file, *counters_file, *signed_out_file;
};

/* Reads what the last broker left in the directory, which is borrowed; NULL: nothing is kept beyond the end.
 * 0 or a negative errno, and then memories_done() is to be called as well. */
int memories_read(struct memories *memories, const char *directory);
/* Takes what is zeroed. */
void memories_done(struct memories *memories);
