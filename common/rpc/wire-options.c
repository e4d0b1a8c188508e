/* One option after the other; what is left over was not known. */
#include "common/rpc/wire-options.h"

#include <stdlib.h>
#include <string.h>

#include "common/cleanup.h"

bool wire_options_read(const struct wire_option options[], size_t n, xmlrpc_value *value, void *to)
{
    unsigned known = 0;
    bool good = xmlrpc_value_type(value) == XMLRPC_TYPE_STRUCT;

    for (size_t i = 0; good && i < n; i++) {
        xmlrpc_value *item = rpc_get(value, options[i].name);

        if (!item)
            continue;
        known++;
        good = options[i].read(item, to);
        xmlrpc_DECREF(item);
    }
    return good && rpc_struct_size(value) == known;
}

bool wire_option_machine(xmlrpc_value *value, char ret[static MACHINE_NAME_SIZE])
{
    _cleanup_(freep) char *name = NULL;

    if (!rpc_read_string(value, &name) || (*name && !machine_name_valid(name)))
        return false;
    (void)stpcpy(ret, name);
    return true;
}
