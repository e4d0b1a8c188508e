/* The command line of restart and the other verbs with --rolling. */
#pragma once

#include <stdbool.h>

#include "cli/rolling/run.h"
#include "cli/shared/cli.h"
#include "common/reason.h"

struct rolling_options {
    enum json_layout json;
    bool is_quiet, is_resume;
    enum rolling_lost lost;
    unsigned max_failures, pause_sec;
    char reason[REASON_SIZE];
    char **words; /* of argv: UNIT|ID|PATTERN */
    size_t n_words;
};

/* One of the options is there that only a rolling restart has. */
bool rolling_is_asked(int argc, char *argv[]);

/* The arguments behind the verb, which stands before them. CLI_EXIT_OK, or CLI_EXIT_USAGE after saying so. */
int rolling_options_parse(const struct cli_options *common, int argc, char *argv[],
                          struct rolling_options *ret);
