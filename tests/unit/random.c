#include "tests/unit/random.h"

#include <stdlib.h>
#include <string.h>

struct random random_new(uint64_t salt)
{
    const char *seed = getenv("SEED");

    return (struct random){ (seed ? strtoull(seed, NULL, 10) : 1) * 0x9e3779b97f4a7c15U + salt + 1 };
}

unsigned random_rounds(unsigned times)
{
    const char *share = getenv("SHARE");

    return share ? (unsigned)(times * strtoul(share, NULL, 10) / 100) : times;
}

/* splitmix64 */
static uint64_t random_next(struct random *random)
{
    uint64_t z = (random->state += 0x9e3779b97f4a7c15U);

    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9U;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebU;
    return z ^ (z >> 31);
}

size_t random_below(struct random *random, size_t limit)
{
    return limit > 0 ? (size_t)(random_next(random) % limit) : 0;
}

char random_char(struct random *random, const char *out_of)
{
    return out_of[random_below(random, strlen(out_of))];
}
