/* The table. */
#include "broker/table/instance.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/natural.h"
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
    int order = natural_compare(x->unit, y->unit);

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
}

static int compare_key(const void *key, const void *item)
{
    return natural_compare(key, ((const struct instance *)item)->unit);
}

struct instance *instances_find(const struct instances *instances, const char *unit)
{
    if (instances->n == 0)
        return NULL;
    return bsearch(unit, instances->items, instances->n, sizeof(*instances->items), compare_key);
}

void instance_set_state(struct instance *instance, const char *active_state, const char *sub_state)
{
    (void)snprintf(instance->active_state, sizeof(instance->active_state), "%s", active_state);
    (void)snprintf(instance->sub_state, sizeof(instance->sub_state), "%s", sub_state);
    instance->group = unit_group_of(instance->active_state, instance->sub_state);
}

void instance_set_unloaded(struct instance *instance, bool enabled)
{
    free(instance->description);
    instance->description = NULL;
    instance->load_state[0] = instance->result[0] = '\0';
    instance_set_state(instance, "inactive", "dead");
    instance->since_usec = 0;
    instance->since_known = instance->result_known = true;
    instance->enabled = enabled;
    instance->enabled_known = true;
}

void instance_recall(struct instance *instance, const struct instance *last, bool followed)
{
    if (!instance->enabled_known) {
        instance->enabled = last->enabled;
        instance->enabled_known = last->enabled_known;
    }
    instance->can_reload = last->can_reload;
    instance->can_reload_known = last->can_reload_known;
    if (!followed || instance->load_state[0] == '\0' || last->load_state[0] == '\0')
        return;
    instance->since_usec = last->since_usec;
    instance->since_known = last->since_known;
    memcpy(instance->result, last->result, sizeof(instance->result));
    instance->result_known = last->result_known;
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
