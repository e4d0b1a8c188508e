/* A tree and two lists. */
#include "broker/live/changed.h"

#include <search.h>
#include <stdlib.h>
#include <string.h>

void changed_init(struct changed *changed)
{
    *changed = (struct changed){ .tree = NULL };
    TAILQ_INIT(&changed->list);
    TAILQ_INIT(&changed->pending);
}

void changed_done(struct changed *changed)
{
    tdestroy(changed->tree, free);
    changed_init(changed);
}

static int compare(const void *a, const void *b)
{
    const struct changed_unit *left = a, *right = b;

    return strcmp(left->unit, right->unit);
}

struct changed_unit *changed_get(struct changed *changed, const char *name)
{
    size_t size = strlen(name) + 1;
    struct changed_unit *unit = calloc(1, sizeof(*unit) + size);
    struct changed_unit **place;

    if (!unit)
        return NULL;
    memcpy(unit->unit, name, size);
    place = tsearch(unit, &changed->tree, compare);
    if (!place || *place != unit)
        free(unit);
    else
        changed->n++;
    return place ? *place : NULL;
}

void changed_note(struct changed *changed, struct changed_unit *unit)
{
    if (unit->is_pending)
        return;
    unit->is_pending = true;
    TAILQ_INSERT_TAIL(&changed->pending, unit, pending);
}

static void settle(struct changed *changed, struct changed_unit *unit)
{
    TAILQ_REMOVE(&changed->pending, unit, pending);
    unit->is_pending = unit->moved = unit->only_loaded = false;
}

static void forget(struct changed *changed, struct changed_unit *unit)
{
    (void)tdelete(unit, &changed->tree, compare);
    changed->n--;
    free(unit);
}

void changed_take_back(struct changed *changed, struct changed_unit *unit)
{
    if (unit->is_pending)
        settle(changed, unit);
    if (!unit->is_listed)
        forget(changed, unit);
}

bool changed_has_pending(const struct changed *changed)
{
    return !TAILQ_EMPTY(&changed->pending);
}

static void come_out(struct changed *changed, struct changed_unit *unit, uint64_t tick)
{
    unit->last = tick;
    if (unit->moved)
        unit->came = tick;
    settle(changed, unit);
    if (unit->is_listed)
        TAILQ_REMOVE(&changed->list, unit, link);
    unit->is_listed = true;
    TAILQ_INSERT_HEAD(&changed->list, unit, link);
}

void changed_come_out(struct changed *changed, uint64_t tick)
{
    struct changed_unit *unit;

    while ((unit = TAILQ_FIRST(&changed->pending)))
        come_out(changed, unit, tick);
}
