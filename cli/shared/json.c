/* JSON on standard output. */
#include "cli/shared/json.h"

#include <stdio.h>

#include "cli/shared/cli.h"
#include "common/cleanup.h"

int json_option(const char *word, enum json_layout *ret)
{
    /* As --json alone was written before it took a word. */
    if (json_layout_from_string(word ? word : "pretty", ret)) {
        fail_layout(*ret);
        return CLI_EXIT_OK;
    }
    return cli_usage_error("--json=%s is none of pretty, short and off", word);
}

void json_print_text(const char *json)
{
    (void)puts(json ? json : "null");
    fail_answered();
}

void json_print(xmlrpc_value *value, enum json_layout layout)
{
    _cleanup_(freep) char *json = value ? rpc_value_to_json(value, layout) : NULL;

    json_print_text(json);
}

void json_print_answer(const struct wire_answer *answer, enum json_layout layout)
{
    _cleanup_(freep) char *json = wire_answer_to_json(answer, layout);

    json_print_text(json);
}
