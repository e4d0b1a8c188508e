/* Each member by its name; whatever else is there is one too many. */
#include "broker/restart-options.h"

#include <stdio.h>

#include "broker/clock.h"
#include "broker/job.h"
#include "common/cleanup.h"
#include "common/rpc.h"

DEFINE_CLEANUP(xmlrpc_value *, xmlrpc_DECREF);

/* How many members there are; -1: it is no struct. */
static int count_members(xmlrpc_value *options)
{
    xmlrpc_env env;
    int n = -1;

    xmlrpc_env_init(&env);
    if (xmlrpc_value_type(options) == XMLRPC_TYPE_STRUCT)
        n = xmlrpc_struct_size(&env, options);
    xmlrpc_env_clean(&env);
    return n;
}

static bool has(xmlrpc_value *options, const char *name)
{
    _cleanup_(xmlrpc_DECREFp) xmlrpc_value *value = rpc_get(options, name);

    return value != NULL;
}

static bool read_settle(xmlrpc_value *options, struct restart_options *o)
{
    int seconds;

    if (!rpc_get_int(options, "settle", &seconds) || seconds < 0 || seconds > RESTART_SETTLE_MAX_SEC)
        return false;
    o->settle_usec = (uint64_t)seconds * USEC_PER_SEC;
    return true;
}

static bool read_press(xmlrpc_value *options, struct restart_options *o)
{
    _cleanup_(freep) char *press = NULL;

    if (!rpc_get_string(options, "press", &press) || !press_valid(press))
        return false;
    (void)snprintf(o->press, sizeof(o->press), "%s", press);
    return true;
}

static bool read_members(xmlrpc_value *options, struct restart_options *o)
{
    int n = count_members(options);

    if (n < 0)
        return false;
    if (has(options, "settle") && (n-- < 1 || !read_settle(options, o)))
        return false;
    if (has(options, "press") && (n-- < 1 || !read_press(options, o)))
        return false;
    return n == 0;
}

bool restart_options_read(xmlrpc_value *params, struct restart_options *ret)
{
    _cleanup_(xmlrpc_DECREFp) xmlrpc_value *options = NULL;
    struct restart_options o = { .settle_usec = JOB_SETTLE_OWN };

    if (rpc_array_size(params) > 1)
        options = rpc_array_item(params, 1);
    if (rpc_array_size(params) > 1 && (!options || !read_members(options, &o)))
        return false;
    *ret = o;
    return true;
}
