/* The table. */
#include "broker/calls/instance.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/array.h"

void instances_done(struct instances *instances)
{
    for (size_t i = 0; i < instances->n; i++)
        free(instances->items[i].description);
    free(instances->items);
    *instances = (struct instances){ 0 };
}

struct instance *instances_add(struct instances *instances, const char *unit)
{
    struct instance *instance;

    if (instances->n >= INSTANCES_MAX || !ARRAY_ROOM(instances->items, instances->n)) {
        instances->truncated = true;
        return NULL;
    }
    instance = &instances->items[instances->n++];
    *instance = (struct instance){ 0 };
    (void)snprintf(instance->unit, sizeof(instance->unit), "%s", unit);
    return instance;
}

/* Of two with one name the loaded one comes first: it says more. */
static int compare(const void *a, const void *b)
{
    const struct instance *x = a, *y = b;
    int order = strcmp(x->unit, y->unit);

    return order != 0 ? order : (x->description == NULL) - (y->description == NULL);
}

static void drop_doubles(struct instances *instances)
{
    size_t kept = 0;

    for (size_t i = 0; i < instances->n; i++) {
        struct instance *item = &instances->items[i];

        if (kept > 0 && strcmp(instances->items[kept - 1].unit, item->unit) == 0)
            free(item->description);
        else
            instances->items[kept++] = *item;
    }
    instances->n = kept;
}

void instances_settle(struct instances *instances)
{
    if (instances->n == 0)
        return;
    qsort(instances->items, instances->n, sizeof(*instances->items), compare);
    drop_doubles(instances);
    while (instances->n > INSTANCES_SHOWN) {
        instances->truncated = true;
        free(instances->items[--instances->n].description);
    }
}

static int compare_key(const void *key, const void *item)
{
    return strcmp(key, ((const struct instance *)item)->unit);
}

const struct instance *instances_find(const struct instances *instances, const char *unit)
{
    if (instances->n == 0)
        return NULL;
    return bsearch(unit, instances->items, instances->n, sizeof(*instances->items), compare_key);
}

bool instance_is_meant(const char *unit, const char *file_state)
{
    static const char *const NOT[] = { "alias", "masked", "masked-runtime", "bad" };

    if (strchr(unit, '@'))
        return unit_file_state_is_enabled(file_state);
    for (size_t i = 0; i < sizeof(NOT) / sizeof(*NOT); i++)
        if (strcmp(file_state, NOT[i]) == 0)
            return false;
    return true;
}
