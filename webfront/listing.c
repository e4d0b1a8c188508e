/* restarter.list's value, member by member: the broker is believed about units, not about memory. */
#include "webfront/listing.h"

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

void listing_done(struct listing *listing)
{
    for (size_t i = 0; i < listing->n; i++)
        instance_done(&listing->items[i]);
    free(listing->items);
    free(listing->policy_error);
    *listing = (struct listing){ 0 };
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
        return LISTING_E_SHAPE;
    }
    (void)rpc_get_bool(value, "enabled", &instance.enabled);
    *ret = instance;
    return 0;
}

static int read_items(xmlrpc_value *array, struct listing *listing)
{
    unsigned n = rpc_array_size(array);

    if (n > LISTING_MAX) {
        listing->truncated = true;
        n = LISTING_MAX;
    }
    listing->items = calloc(n + 1, sizeof(*listing->items));
    if (!listing->items)
        return -ENOMEM;
    for (unsigned i = 0; i < n; i++) {
        xmlrpc_value *item = rpc_array_item(array, i);
        int r = read_instance(item, &listing->items[i]);

        if (item)
            xmlrpc_DECREF(item);
        if (r)
            return r;
        listing->n++;
    }
    return 0;
}

int listing_read(xmlrpc_value *value, struct listing *ret)
{
    struct listing listing = { 0 };
    xmlrpc_value *array;
    int r = LISTING_E_SHAPE;

    array = rpc_get(value, "instances");
    if (rpc_get_bool(value, "policy_ok", &listing.policy_ok) &&
        rpc_get_string(value, "policy_error", &listing.policy_error) && array &&
        xmlrpc_value_type(array) == XMLRPC_TYPE_ARRAY) {
        (void)rpc_get_bool(value, "truncated", &listing.truncated);
        (void)rpc_get_bool(value, "policy_in_force", &listing.policy_in_force);
        r = read_items(array, &listing);
    }
    if (array)
        xmlrpc_DECREF(array);
    if (r) {
        listing_done(&listing);
        return r;
    }
    *ret = listing;
    return 0;
}
