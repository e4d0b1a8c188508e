/* Which specifications a server keeps to, as system.getCapabilities tells it
 * (http://xmlrpc-epi.sourceforge.net/specs/rfc.system.getCapabilities.php). */
#pragma once

#include <stdbool.h>

#include "common/rpc/rpc.h"

enum wire_capability {
    WIRE_CAPABILITY_XMLRPC = 1 << 0,
    WIRE_CAPABILITY_FAULTS = 1 << 1,
    WIRE_CAPABILITY_INTROSPECTION = 1 << 2,
    WIRE_CAPABILITY_MULTICALL = 1 << 3,
    WIRE_CAPABILITY_ALL = (1 << 4) - 1,
};

/* A struct of structs. NULL when out of memory. */
xmlrpc_value *wire_capabilities_value(unsigned capabilities);

/* Those of them that are known here. False for what is no struct. */
bool wire_capabilities_read(xmlrpc_value *value, unsigned *ret);
