/* Parameters and members for tests that play the other side, honest or not: built and read without the
 * structs of common/rpc/wire.h. */
#pragma once

#include <stdbool.h>

#include "common/rpc/rpc.h"

/* Arrays, for rpc_call_serialize(); the caller's to release. */
xmlrpc_value *rpc_params_none(void);
xmlrpc_value *rpc_params_string(const char *text);

/* Whether the struct has such a member of that type. The string is the caller's to free. */
bool rpc_get_string(xmlrpc_value *s, const char *key, char **ret);
bool rpc_get_int(xmlrpc_value *s, const char *key, int *ret);
bool rpc_get_bool(xmlrpc_value *s, const char *key, bool *ret);
