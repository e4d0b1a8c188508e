/* A few, the oldest of which makes room. */
#include "broker/table/sights.h"

#include <stdlib.h>

#include "common/verb.h"

void sights_forget(struct sights *sights)
{
    while (sights->n > 0)
        free(sights->kept[--sights->n].rows);
    sights->next = 0;
}

/* What he may do to it, by its name. A row that is there for admins alone is seen, and no more. */
static uint8_t look(const struct policy *policy, const struct person *person, const struct instance *instance)
{
    struct unit_name name;
    unsigned verbs = 0;

    if (policy && unit_name_parse(instance->unit, &name) == 0)
        verbs = policy_verbs(policy, person, &name);
    return (uint8_t)(verbs | (verbs != 0 || policy_is_admin(policy, person) ? SIGHT_SEEN : 0));
}

static struct sight *find(struct sights *sights, const struct policy_view *view)
{
    for (size_t i = 0; i < sights->n; i++)
        if (policy_view_same(&sights->kept[i].view, view))
            return &sights->kept[i];
    return NULL;
}

/* In the place of the one that was made first. */
static void keep(struct sights *sights, const struct policy_view *view, uint8_t *rows)
{
    struct sight *sight = &sights->kept[sights->next];

    if (sights->n == SIGHTS_MAX)
        free(sight->rows);
    else
        sights->n++;
    *sight = (struct sight){ .view = *view, .rows = rows };
    sights->next = (sights->next + 1) % SIGHTS_MAX;
}

const uint8_t *sights_get(struct sights *sights, const struct policy *policy, const struct person *person,
                          const struct instances *instances, uint64_t shape)
{
    const struct sight *sight;
    struct policy_view view;
    uint8_t *rows;

    if (sights->shape != shape)
        sights_forget(sights);
    sights->shape = shape;
    policy_view(policy, person, &view);
    sight = find(sights, &view);
    if (sight)
        return sight->rows;
    rows = calloc(instances->n + 1, sizeof(*rows));
    if (!rows)
        return NULL;
    for (size_t i = 0; i < instances->n; i++)
        rows[i] = look(policy, person, &instances->items[i]);
    keep(sights, &view, rows);
    return rows;
}
