/* What is known of restarts is gone through once, and most of it is older than the tenth that was found. */
#include "broker/table/latest.h"

#include <stdlib.h>
#include <string.h>

#include "common/unit-group.h"

static int compare(const void *a, const void *b)
{
    const uint32_t *x = a, *y = b;

    return *x < *y ? -1 : *x > *y;
}

/* A restart too old to be one of them, whatever unit it was of. */
static bool is_too_old(const struct latest *latest, const struct recent *recent)
{
    return recent->at == 0 || (latest->n == LATEST_MAX && recent->at < latest->at[LATEST_MAX - 1]);
}

/* At the same second the order is that of their names. */
static size_t place_of(const struct latest *latest, uint64_t at, uint32_t index)
{
    size_t i = latest->n;

    while (i > 0 && (latest->at[i - 1] < at || (latest->at[i - 1] == at && latest->indexes[i - 1] > index)))
        i--;
    return i;
}

static void add(struct latest *latest, uint64_t at, uint32_t index)
{
    size_t i = place_of(latest, at, index);

    if (i == LATEST_MAX)
        return;
    if (latest->n < LATEST_MAX)
        latest->n++;
    for (size_t j = latest->n - 1; j > i; j--) {
        latest->at[j] = latest->at[j - 1];
        latest->indexes[j] = latest->indexes[j - 1];
    }
    latest->at[i] = at;
    latest->indexes[i] = index;
}

/* What has failed, or is on its way, stands before them anyhow. */
static bool counts(const struct instance *instance)
{
    return instance->group != UNIT_GROUP_FAILED && instance->group != UNIT_GROUP_RESTARTING;
}

void latest_find(const struct recents *recents, const struct instances *instances, const uint32_t *indexes,
                 size_t n, struct latest *ret)
{
    ret->n = 0;
    for (size_t i = 0; n > LATEST_OF && i < recents_count(recents); i++) {
        const struct recent *recent = recents_at(recents, i);
        const struct instance *instance =
            is_too_old(ret, recent) ? NULL : instances_find(instances, recent->unit);
        uint32_t index = instance ? (uint32_t)(instance - instances->items) : 0;

        if (instance && counts(instance) && bsearch(&index, indexes, n, sizeof(*indexes), compare))
            add(ret, recent->at, index);
    }
}

bool latest_has(const struct latest *latest, uint32_t index)
{
    for (size_t i = 0; i < latest->n; i++)
        if (latest->indexes[i] == index)
            return true;
    return false;
}
