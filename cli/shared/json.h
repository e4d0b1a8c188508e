/* What --json means, and how it is printed. */
#pragma once

#include "common/rpc/rpc.h"
#include "common/rpc/wire.h"

/* The option's word, or NULL when it has none: pretty. CLI_EXIT_OK, or CLI_EXIT_USAGE after saying so. */
int json_option(const char *word, enum json_layout *ret);

/* Each prints what it is given and a newline: "null" for NULL, or when out of memory. That is the verb's
 * answer, and nothing else has to be said there (fail_answered()). */
void json_print(xmlrpc_value *value, enum json_layout layout);
void json_print_answer(const struct wire_answer *answer, enum json_layout layout);
void json_print_text(const char *json);
