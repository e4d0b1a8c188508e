/* A few dozens at the most: looked through from the front. */
#include "webfront/calls/fars.h"

#include <string.h>

#include "common/clock.h"
#include "webfront/calls/calls.h"
#include "webfront/calls/list-cache.h"

struct parts *fars_find(const struct fars *fars, const char *machine)
{
    for (size_t i = 0; i < fars->n; i++)
        if (strcmp(fars->list[i].machine, machine) == 0)
            return &fars->list[i];
    return NULL;
}

struct parts *fars_choose(struct parts *parts, const char *machine)
{
    if (!*machine || (parts->machine && strcmp(parts->machine, machine) == 0))
        return parts;
    return parts->fars ? fars_find(parts->fars, machine) : NULL;
}

/* An address that names the machine needs no field as well. */
bool fars_is_that(const struct parts *parts, const char *machine)
{
    return !*machine || (parts->machine && strcmp(parts->machine, machine) == 0);
}

void fars_drop_lists(const struct fars *fars)
{
    for (size_t i = 0; fars && i < fars->n; i++)
        list_cache_drop(fars->list[i].list);
}

uint64_t fars_silent_sec(const struct parts *far)
{
    uint64_t usec = calls_silent_usec(far->calls);

    return usec == 0 ? 0 : usec < USEC_PER_SEC ? 1 : usec / USEC_PER_SEC;
}
