/* What --json means, and how it is printed. */
#pragma once

#include "common/rpc/rpc.h"

/* The option's word, or NULL when it has none: pretty. CLI_EXIT_OK, or CLI_EXIT_USAGE after saying so. */
int json_option(const char *word, enum json_layout *ret);

/* Prints the value and a newline: "null" for NULL, or when out of memory. */
void json_print(xmlrpc_value *value, enum json_layout layout);
