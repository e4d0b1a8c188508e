/* restarter.list's value, member by member: the broker is believed about units, not about memory. */
#include "webfront/instances.h"

#include <errno.h>
#include <stdlib.h>

#include "common/cleanup.h"
#include "common/rpc.h"

static void instance_done(struct instance *instance)
{
    free(instance->unit);
    free(instance->description);
    free(instance->load_state);
    free(instance->active_state);
    free(instance->sub_state);
}

void instances_done(struct instances *instances)
{
    for (size_t i = 0; i < instances->n; i++)
        instance_done(&instances->items[i]);
    free(instances->items);
    free(instances->policy_error);
    *instances = (struct instances){ 0 };
}

static int read_instance(xmlrpc_value *value, struct instance *ret)
{
    struct instance instance = { 0 };

    if (!value || !rpc_get_string(value, "unit", &instance.unit) ||
        !rpc_get_string(value, "description", &instance.description) ||
        !rpc_get_string(value, "load_state", &instance.load_state) ||
        !rpc_get_string(value, "active_state", &instance.active_state) ||
        !rpc_get_string(value, "sub_state", &instance.sub_state)) {
        instance_done(&instance);
        return INSTANCES_E_SHAPE;
    }
    (void)rpc_get_bool(value, "enabled", &instance.enabled);
    *ret = instance;
    return 0;
}

static int read_items(xmlrpc_value *array, struct instances *instances)
{
    unsigned n = rpc_array_size(array);

    if (n > INSTANCES_MAX) {
        instances->truncated = true;
        n = INSTANCES_MAX;
    }
    instances->items = calloc(n + 1, sizeof(*instances->items));
    if (!instances->items)
        return -ENOMEM;
    for (unsigned i = 0; i < n; i++) {
        xmlrpc_value *item = rpc_array_item(array, i);
        int r = read_instance(item, &instances->items[i]);

        if (item)
            xmlrpc_DECREF(item);
        if (r)
            return r;
        instances->n++;
    }
    return 0;
}

int instances_read(xmlrpc_value *value, struct instances *ret)
{
    struct instances instances = { 0 };
    xmlrpc_value *array;
    int r = INSTANCES_E_SHAPE;

    array = rpc_get(value, "instances");
    if (rpc_get_bool(value, "policy_ok", &instances.policy_ok) &&
        rpc_get_string(value, "policy_error", &instances.policy_error) && array &&
        xmlrpc_value_type(array) == XMLRPC_TYPE_ARRAY) {
        (void)rpc_get_bool(value, "truncated", &instances.truncated);
        r = read_items(array, &instances);
    }
    if (array)
        xmlrpc_DECREF(array);
    if (r) {
        instances_done(&instances);
        return r;
    }
    *ret = instances;
    return 0;
}
