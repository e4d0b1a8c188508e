/* What every target needs. A target is one function that libFuzzer calls with bytes of its own making; a
 * wrong answer ends the program, as does whatever the sanitizers find. */
#pragma once

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#define FUZZ_ASSERT(condition)                                                                               \
    do {                                                                                                     \
        if (!(condition))                                                                                    \
            abort();                                                                                         \
    } while (0)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
