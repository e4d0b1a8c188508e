/* By looking at each row once, and once more at those that were asked for. */
#include "broker/table/selection.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "broker/table/latest.h"
#include "broker/table/question.h"
#include "broker/table/sights.h"
#include "common/cleanup.h"

/* The places in the order: failed, restarting, and anything else, before which those stand that were
 * restarted last. */
enum { RANKS = 3 };

static size_t rank_of(const struct instance *instance)
{
    return instance->group == UNIT_GROUP_FAILED ? 0 : instance->group == UNIT_GROUP_RESTARTING ? 1 : 2;
}

void selection_done(struct selection *selection)
{
    free(selection->indexes);
    *selection = (struct selection){ 0 };
}

/* --- which --- */

/* The words of a filter, each a string. */
struct words {
    char text[WIRE_FILTER_SIZE];
    const char *list[WIRE_FILTER_SIZE / 2 + 1];
    size_t n;
};

static void find_words(const char *filter, struct words *ret)
{
    char *rest = strcpy(ret->text, filter), *word;

    ret->n = 0;
    while ((word = strtok_r(rest, " ", &rest)))
        ret->list[ret->n++] = word;
}

static bool has_words(const struct instance *instance, const struct words *words)
{
    for (size_t i = 0; i < words->n; i++)
        if (!strcasestr(instance->unit, words->list[i]) &&
            !(instance->description && strcasestr(instance->description, words->list[i])))
            return false;
    return true;
}

static bool has_exited(const struct instance *instance)
{
    return instance->group == UNIT_GROUP_RUNNING && strcmp(instance->sub_state, "exited") == 0;
}

static void find_rows(const struct instances *instances, const uint8_t *sight,
                      const struct wire_list_options *options, struct selection *selection)
{
    struct words words;

    find_words(options->filter, &words);
    for (size_t i = 0; i < instances->n; i++) {
        const struct instance *instance = &instances->items[i];

        if (!(sight[i] & SIGHT_SEEN) || instance->gone)
            continue;
        selection->counts[instance->group]++;
        selection->exited += has_exited(instance);
        if ((options->state == UNIT_GROUP_NONE || options->state == instance->group) &&
            has_words(instance, &words))
            selection->indexes[selection->n++] = (uint32_t)i;
    }
}

/* --- in which order --- */

static size_t add_rank(const struct instances *instances, const struct selection *selection, size_t rank,
                       const struct latest *latest, uint32_t *sorted)
{
    size_t at = 0;

    for (size_t i = 0; rank == RANKS - 1 && i < latest->n; i++)
        sorted[at++] = latest->indexes[i];
    for (size_t i = 0; i < selection->n; i++)
        if (rank_of(&instances->items[selection->indexes[i]]) == rank &&
            !latest_has(latest, selection->indexes[i]))
            sorted[at++] = selection->indexes[i];
    return at;
}

/* The ranks, one behind the other. */
static int put_in_order(const struct instances *instances, const struct recents *recents,
                        struct selection *selection)
{
    _cleanup_(freep) uint32_t *sorted = calloc(selection->n + 1, sizeof(*sorted));
    struct latest latest;
    size_t at = 0;

    if (!sorted)
        return -ENOMEM;
    latest_find(recents, instances, selection->indexes, selection->n, &latest);
    for (size_t rank = 0; rank < RANKS; rank++)
        at += add_rank(instances, selection, rank, &latest, sorted + at);
    free(selection->indexes);
    selection->indexes = TAKE_PTR(sorted);
    return 0;
}

static void set_part(struct selection *selection, const struct wire_list_options *options)
{
    size_t limit = options->limit ? (size_t)options->limit : INSTANCES_SHOWN;

    selection->first = (size_t)options->offset < selection->n ? (size_t)options->offset : selection->n;
    selection->n_told = selection->n - selection->first;
    if (selection->n_told > limit)
        selection->n_told = limit;
}

int selection_make(const struct instances *instances, const uint8_t *sight, const struct recents *recents,
                   const struct wire_list_options *options, struct selection *ret)
{
    struct selection selection = { .indexes = calloc(instances->n + 1, sizeof(uint32_t)) };

    if (!selection.indexes)
        return -ENOMEM;
    find_rows(instances, sight, options, &selection);
    if (put_in_order(instances, recents, &selection) < 0) {
        selection_done(&selection);
        return -ENOMEM;
    }
    set_part(&selection, options);
    *ret = selection;
    return 0;
}

bool selection_want(const struct selection *selection, struct instances *instances)
{
    bool open = false;

    for (size_t i = 0; i < selection->n_told; i++) {
        struct instance *instance = &instances->items[selection->indexes[selection->first + i]];
        enum instance_want want = i < SELECTION_WHOLE ? INSTANCE_WANTED_WHOLE : INSTANCE_WANTED;

        if (instance->wanted < want)
            instance->wanted = want;
        open = question_is_open(instance) || open;
    }
    return open;
}
