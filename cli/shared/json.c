/* JSON on standard output. */
#include "cli/shared/json.h"

#include <stdio.h>

#include "cli/shared/cli.h"
#include "common/cleanup.h"

int json_option(const char *word, enum json_layout *ret)
{
    /* As --json alone was written before it took a word. */
    if (json_layout_from_string(word ? word : "pretty", ret))
        return CLI_EXIT_OK;
    return cli_usage_error("--json=%s is none of pretty, short and off", word);
}

void json_print(xmlrpc_value *value, enum json_layout layout)
{
    _cleanup_(freep) char *json = value ? rpc_value_to_json(value, layout) : NULL;

    (void)puts(json ? json : "null");
}
