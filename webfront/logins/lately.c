/* Looked up by number. (FNV-1a, begun with a number of this process' own.) */
#include "webfront/logins/lately.h"

#include <errno.h>
#include <stddef.h>
#include <sys/random.h>

int lately_begin(struct lately *ret)
{
    *ret = (struct lately){ .key = 0 };
    return getrandom(&ret->key, sizeof(ret->key), 0) == (ssize_t)sizeof(ret->key) ? 0 : -EIO;
}

static uint64_t number_of(const struct lately *lately, const char *asker)
{
    uint64_t sum = UINT64_C(14695981039346656037) ^ lately->key;

    for (; *asker; asker++)
        sum = (sum ^ (uint8_t)*asker) * UINT64_C(1099511628211);
    return sum;
}

/* By the upper half as well: what is last in an address reaches only the lower bits by itself. */
static size_t set_of(uint64_t who)
{
    return (who ^ who >> 32) % LATELY_SETS;
}

/* His, or that of whoever is forgotten first. */
static struct lately_asker *place_for(struct lately *lately, uint64_t who)
{
    struct lately_asker *set = lately->sets[set_of(who)], *first = set;

    for (size_t i = 0; i < LATELY_EACH; i++) {
        if (set[i].who == who)
            return &set[i];
        if (set[i].until_usec < first->until_usec)
            first = &set[i];
    }
    return first;
}

void lately_note(struct lately *lately, const char *asker, uint64_t now_usec, uint64_t for_usec)
{
    uint64_t who = number_of(lately, asker), until_usec = now_usec + for_usec;
    struct lately_asker *place = place_for(lately, who);

    if (place->who != who || place->until_usec < until_usec)
        *place = (struct lately_asker){ .who = who, .until_usec = until_usec };
}

bool lately_has(const struct lately *lately, const char *asker, uint64_t now_usec)
{
    uint64_t who = number_of(lately, asker);
    const struct lately_asker *set = lately->sets[set_of(who)];

    for (size_t i = 0; i < LATELY_EACH; i++)
        if (set[i].who == who)
            return set[i].until_usec > now_usec;
    return false;
}
