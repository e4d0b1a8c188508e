/* A time for each place. (FNV-1a, begun with a number of this process' own.) */
#include "webfront/logins/lately.h"

#include <errno.h>
#include <sys/random.h>

#include "common/cleanup.h"

int lately_begin(struct lately *ret)
{
    *ret = (struct lately){ .key = 0 };
    return getrandom(&ret->key, sizeof(ret->key), 0) == (ssize_t)sizeof(ret->key) ? 0 : -EIO;
}

/* Mixed once more, since the last byte of an address reaches only the lower bits by itself. */
static uint64_t place_of(const struct lately *lately, const char *asker)
{
    uint64_t sum = UINT64_C(14695981039346656037) ^ lately->key;

    for (; *asker; asker++)
        sum = (sum ^ (uint8_t)*asker) * UINT64_C(1099511628211);
    return (sum ^ sum >> 32) % LATELY_PLACES;
}

void lately_note(struct lately *lately, const char *asker, uint64_t now_usec, uint64_t for_usec)
{
    uint64_t *until = &lately->until_usec[place_of(lately, asker)];

    if (*until < now_usec + for_usec)
        *until = now_usec + for_usec;
}

bool lately_has(const struct lately *lately, const char *asker, uint64_t now_usec)
{
    return lately->until_usec[place_of(lately, asker)] > now_usec;
}
