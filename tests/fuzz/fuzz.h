/* What every target needs. A target is one function that libFuzzer calls with bytes of its own making; a
 * wrong answer ends the program, as does whatever the sanitizers find. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#define FUZZ_ASSERT(condition)                                                                               \
    do {                                                                                                     \
        if (!(condition))                                                                                    \
            abort();                                                                                         \
    } while (0)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Whether the bytes get through to what lies behind the first check. Each seed says so by the folder that it
 * is in, pass/ or stop/, and is held to that (replay.c): a seed that is stopped early fuzzes less than it
 * seems to. */
bool fuzz_passes(const uint8_t *data, size_t size);

/* Called after all seeds, where the target has more to say of what they have reached. */
__attribute__((weak)) void fuzz_seeds_done(void);
