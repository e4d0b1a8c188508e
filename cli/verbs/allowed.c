/* restartctl allowed: what whoever asks may do. */
#include "cli/shared/cli.h"

#include <stdio.h>

#include "cli/shared/call.h"
#include "cli/shared/columns.h"
#include "cli/shared/json.h"
#include "common/cleanup.h"
#include "common/verb.h"

static void print_allowed(const struct wire_allowed *allowed)
{
    for (size_t i = 0; i < allowed->n_grants; i++) {
        const struct wire_grant *grant = &allowed->grants[i];
        char verbs[VERB_WORDS_SIZE];

        verbs_to_string(grant->verbs, verbs);
        cli_print_column(grant->unit, 32);
        cli_print_column(*grant->instances ? grant->instances : "-", 24);
        (void)printf("%s%s%s\n", verbs, *grant->reason ? " (with a reason)" : "",
                     grant->logs ? " (with logs)" : "");
    }
}

int cli_allowed(const struct cli_options *options, int argc, _unused_ char *argv[])
{
    _cleanup_(wire_answer_done) struct wire_answer answer = { 0 };
    int r;

    if (argc != 0)
        return cli_usage_error("allowed takes no argument");
    r = call_read(options->place, &(struct wire_call){ .method = &WIRE_METHODS[WIRE_METHOD_ALLOWED] },
                  &answer);
    if (r != CLI_EXIT_OK)
        return r;
    if (options->json)
        json_print_answer(&answer, options->json);
    else
        print_allowed(&answer.allowed);
    return CLI_EXIT_OK;
}
