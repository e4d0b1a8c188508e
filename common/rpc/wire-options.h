/* A struct of options behind a call's other parameters: a table of what there may be in it. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "common/machines/machines.h"
#include "common/rpc/rpc.h"

struct wire_option {
    const char *name;
    /* False for a value that it does not take. */
    bool (*read)(xmlrpc_value *value, void *to);
};

/* Reads those that are there into `to`. False for what is no struct, for a value that an option does not
 * take, and for an option that is not in the table: it may be one without which nothing should be done. */
bool wire_options_read(const struct wire_option options[], size_t n, xmlrpc_value *value, void *to);

/* The option that names a machine, "" being this one. False for what no section of machines.conf could be
 * called. */
bool wire_option_machine(xmlrpc_value *value, char ret[static MACHINE_NAME_SIZE]);
