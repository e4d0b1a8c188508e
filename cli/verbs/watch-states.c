/* Sorted, so that two lists are gone through side by side. */
#include "cli/verbs/watch-states.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "common/text.h"

static const struct watch_state NOT_THERE = { .unit = NULL };

void watch_states_done(struct watch_states *states)
{
    for (size_t i = 0; i < states->n; i++)
        free(states->list[i].unit);
    free(states->list);
    *states = (struct watch_states){ .list = NULL };
}

static int compare(const void *a, const void *b)
{
    const struct watch_state *x = a, *y = b;

    return strcmp(x->unit, y->unit);
}

static void set(struct watch_state *state, const char *active_state, const char *sub_state, uint64_t since)
{
    state->since = since;
    (void)text_clean(active_state, state->active_state, sizeof(state->active_state));
    (void)text_clean(sub_state, state->sub_state, sizeof(state->sub_state));
}

static bool is_same(const struct watch_state *a, const struct watch_state *b)
{
    return (a->since == b->since || a->since == 0 || b->since == 0) &&
           strcmp(a->active_state, b->active_state) == 0 && strcmp(a->sub_state, b->sub_state) == 0;
}

int watch_states_read(const struct wire_list *list, struct watch_states *ret)
{
    struct watch_states states = { .list = calloc(list->n_instances + 1, sizeof(*states.list)) };

    for (size_t i = 0; states.list && i < list->n_instances; i++) {
        struct watch_state *state = &states.list[states.n];

        state->unit = text_clean_copy(list->instances[i].unit);
        if (!state->unit) {
            watch_states_done(&states);
            return -ENOMEM;
        }
        set(state, list->instances[i].active_state, list->instances[i].sub_state, list->instances[i].since);
        states.n++;
    }
    if (!states.list)
        return -ENOMEM;
    qsort(states.list, states.n, sizeof(*states.list), compare);
    *ret = states;
    return 0;
}

/* The first of the two, or both where they are the same unit, is gone past. */
static void step(const struct watch_states *old, const struct watch_states *new, size_t at[static 2],
                 watch_changed changed, void *userdata)
{
    const struct watch_state *before = at[0] < old->n ? &old->list[at[0]] : NULL;
    const struct watch_state *after = at[1] < new->n ? &new->list[at[1]] : NULL;
    int order = !before ? 1 : !after ? -1 : strcmp(before->unit, after->unit);

    at[0] += order <= 0;
    at[1] += order >= 0;
    if (order < 0)
        changed(before->unit, before, &NOT_THERE, userdata);
    else if (order > 0 && after)
        changed(after->unit, &NOT_THERE, after, userdata);
    else if (before && after && !is_same(before, after))
        changed(after->unit, before, after, userdata);
}

void watch_states_replace(struct watch_states *states, struct watch_states *with, watch_changed changed,
                          void *userdata)
{
    size_t at[2] = { 0, 0 };

    while (at[0] < states->n || at[1] < with->n)
        step(states, with, at, changed, userdata);
    watch_states_done(states);
    *states = *with;
    *with = (struct watch_states){ .list = NULL };
}

void watch_states_update(struct watch_states *states, const struct wire_status *status, watch_changed changed,
                         void *userdata)
{
    const struct watch_state key = { .unit = (char *)status->unit };
    struct watch_state *state =
        states->n > 0 ? bsearch(&key, states->list, states->n, sizeof(key), compare) : NULL;
    struct watch_state before;

    if (!state)
        return;
    before = *state;
    set(state, status->active_state, status->sub_state, status->since);
    if (!is_same(&before, state))
        changed(state->unit, &before, state, userdata);
}
