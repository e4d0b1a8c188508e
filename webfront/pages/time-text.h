/* A time on a page: for the script, which makes it the reader's, and as it reads without it. */
#pragma once

#include <stdint.h>

struct time_text {
    char iso[32], clock[32]; /* "" for no time */
};

/* Of seconds since 1970; 0: none. */
struct time_text time_text_of(uint64_t seconds);
