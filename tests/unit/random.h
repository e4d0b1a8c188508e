/* Reproducible randomness for tests: SEED= in the environment starts another series; a failing test names its
 * own. */
#pragma once

#include <stddef.h>
#include <stdint.h>

struct random {
    uint64_t state;
};

/* The same series for the same salt. */
struct random random_new(uint64_t salt);

/* How often to try something: SHARE= percent of `times`, for valgrind, under which everything takes thirty
 * times as long. */
unsigned random_rounds(unsigned times);

/* 0 <= result < limit, or 0 */
size_t random_below(struct random *random, size_t limit);

/* One of the characters of the text, which is not empty. */
char random_char(struct random *random, const char *out_of);
