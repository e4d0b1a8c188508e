/* One after the other, until there is no more room. */
#include "broker/table/rows.h"

#include <errno.h>
#include <stdlib.h>

#include "broker/record/recents.h"
#include "common/clock.h"
#include "common/verb.h"

enum {
    /* Of an answer's bytes, what is not rows: the rest of the struct, and a sentence on what is wrong with
     * the policy. */
    REST_MAX = 16 * 1024,
};

void rows_forget(struct rows *rows)
{
    free(rows->items);
    *rows = (struct rows){ .items = NULL };
}

static struct wire_instance describe(const struct instance *instance, unsigned verbs, bool whole)
{
    return (struct wire_instance){
        .unit = instance->unit,
        .description = instance->description,
        .load_state = instance->load_state,
        .active_state = instance->active_state,
        .sub_state = instance->sub_state,
        .enabled = instance->enabled,
        .verbs = verbs,
        .can_reload = instance->can_reload && (verbs & VERB_RELOAD),
        .group = unit_group_to_string(instance->group),
        .since = whole ? instance->since_usec / USEC_PER_SEC : 0,
        .service_result = whole ? instance->result : NULL,
    };
}

/* What only the grant says. */
static void add_terms(const struct policy *policy, const struct person *person, struct wire_instance *row)
{
    struct unit_name name;

    if (row->verbs == 0 || unit_name_parse(row->unit, &name) != 0)
        return;
    row->reason = policy_verbs_with_reason(policy, person, &name) ? "required" : NULL;
    row->confirm = policy_verbs_to_confirm(policy, person, &name) != 0;
    row->logs = policy_shows_logs(policy, person, &name);
}

/* From here, the last time. */
static void add_restarted(const struct recents *recents, struct wire_instance *row)
{
    const struct recent *recent = recents_find(recents, row->unit);

    if (!recent)
        return;
    row->restarted_at = recent->at;
    row->restarted_by = recent->by;
    row->restarted_verdict = recent->verdict;
    row->usual_milliseconds = recent_usual_milliseconds(recent);
}

int rows_make(const struct rows_view *view, const struct instances *instances,
              const struct selection *selection, struct rows *ret)
{
    struct rows rows = { .items = calloc(selection->n_told + 1, sizeof(*rows.items)) };
    size_t room = RPC_RESPONSE_MAX - REST_MAX, size;

    if (!rows.items)
        return -ENOMEM;
    for (; rows.n < selection->n_told; rows.n++) {
        uint32_t index = selection->indexes[selection->first + rows.n];
        struct wire_instance *row = &rows.items[rows.n];

        *row = describe(&instances->items[index], view->sight[index] & VERB_ALL, rows.n < SELECTION_WHOLE);
        add_terms(view->policy, view->person, row);
        add_restarted(view->recents, row);
        size = wire_instance_size(row);
        if (size > room)
            break;
        room -= size;
    }
    *ret = rows;
    return 0;
}
