/* The table. */
#include "common/rpc/wire-capabilities.h"

#include <stddef.h>

static const struct row {
    const char *name, *url;
    enum wire_capability flag;
    int version;
} ROWS[] = {
    { "xmlrpc", "http://xmlrpc.com/spec.md", WIRE_CAPABILITY_XMLRPC, 1 },
    { "faults_interop", "http://xmlrpc-epi.sourceforge.net/specs/rfc.fault_codes.php", WIRE_CAPABILITY_FAULTS,
      20010516 },
    { "introspect", "http://xmlrpc-c.sourceforge.net/xmlrpc-c/introspection.html",
      WIRE_CAPABILITY_INTROSPECTION, 1 },
    { "system.multicall", "http://www.xmlrpc.com/discuss/msgReader$1208", WIRE_CAPABILITY_MULTICALL, 1 },
};

static xmlrpc_value *row_value(const struct row *row)
{
    struct rpc_struct s = rpc_struct_begin();

    rpc_struct_string(&s, "specUrl", row->url);
    rpc_struct_int(&s, "specVersion", row->version);
    return rpc_struct_end(&s);
}

xmlrpc_value *wire_capabilities_value(unsigned capabilities)
{
    struct rpc_struct s = rpc_struct_begin();

    for (size_t i = 0; i < sizeof(ROWS) / sizeof(*ROWS); i++)
        if (capabilities & ROWS[i].flag)
            rpc_struct_value(&s, ROWS[i].name, row_value(&ROWS[i]));
    return rpc_struct_end(&s);
}

bool wire_capabilities_read(xmlrpc_value *value, unsigned *ret)
{
    if (xmlrpc_value_type(value) != XMLRPC_TYPE_STRUCT)
        return false;
    *ret = 0;
    for (size_t i = 0; i < sizeof(ROWS) / sizeof(*ROWS); i++) {
        xmlrpc_value *member = rpc_get(value, ROWS[i].name);

        if (!member)
            continue;
        *ret |= ROWS[i].flag;
        xmlrpc_DECREF(member);
    }
    return true;
}
