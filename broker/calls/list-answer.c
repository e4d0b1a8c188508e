/* One answer, encoded once. */
#include "broker/calls/list-answer.h"

#include <stdlib.h>

#include "broker/calls/core.h"
#include "broker/calls/instance.h"
#include "broker/calls/request.h"
#include "common/cleanup.h"
#include "common/rpc/wire.h"

/* What goes over the wire of each; the texts stay the instances'. NULL when out of memory. */
static struct wire_instance *wire_instances(const struct instances *instances)
{
    struct wire_instance *items = calloc(instances->n + 1, sizeof(*items));

    for (size_t i = 0; items && i < instances->n; i++) {
        const struct instance *instance = &instances->items[i];

        items[i] = (struct wire_instance){
            .unit = instance->unit,
            .description = instance->description,
            .load_state = instance->load_state,
            .active_state = instance->active_state,
            .sub_state = instance->sub_state,
            .enabled = instance->enabled,
            .verbs = instance->verbs,
            .can_reload = instance->can_reload,
        };
    }
    return items;
}

struct http_shared *list_answer_new(const struct broker *broker, const struct instances *instances)
{
    _cleanup_(freep) struct wire_instance *items = wire_instances(instances);
    const struct wire_answer answer = {
        .kind = WIRE_LIST,
        .list = {
            .policy_ok = !broker->policy_error,
            .policy_error = broker->policy_error,
            .policy_in_force = broker->policy != NULL,
            .truncated = instances->truncated,
            .instances = items,
            .n_instances = instances->n,
        },
    };

    return items ? http_shared_new(request_response(&answer)) : NULL;
}
