/* A system.multicall as a caller puts it together, and what he takes out of its answer. */
#pragma once

#include "common/rpc/rpc.h"

/* The parameters: one array with nothing in it yet. */
xmlrpc_value *multicall_new(void);

/* Adds anything; takes it over. */
void multicall_add(xmlrpc_value *params, xmlrpc_value *item);

/* Adds a call with that parameter; NULL: without one. */
void multicall_call(xmlrpc_value *params, const char *method, const char *parameter);

/* What the i-th was answered, which is borrowed from the answer; fails the test for a fault. */
xmlrpc_value *multicall_value(xmlrpc_value *answer, unsigned i);

/* The fault of the i-th; 0: none. `text`, if it is not NULL, is in its sentence. */
int multicall_fault(xmlrpc_value *answer, unsigned i, const char *text);
