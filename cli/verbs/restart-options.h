/* The command line of restart and the other verbs. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "cli/shared/cli.h"
#include "common/reason.h"
#include "common/rpc/wire-call.h"

enum {
    SETTLE_OWN = -1, /* a unit is watched for as long as the policy says */
    TIMEOUT_MAX_SEC = 86400,
};

struct restart_options {
    const struct cli_options *common;
    unsigned verb;
    char **words; /* of argv: UNIT|ID|PATTERN */
    size_t n_words;
    const char *press; /* NULL: one is made up */
    enum json_layout json;
    char reason[REASON_SIZE];
    int settle;      /* seconds, or SETTLE_OWN */
    int timeout_sec; /* 0: as long as the broker may take */
    bool is_quiet, no_block;
};

/* They ask for more than one unit, by how they are written. */
bool restart_options_are_many(const struct restart_options *options);

/* The arguments behind the verb, which stands before them. CLI_EXIT_OK, or CLI_EXIT_USAGE after saying so. */
int restart_options_parse(const struct cli_options *common, unsigned verb, int argc, char *argv[],
                          struct restart_options *ret);

/* The call that they are about, for one unit and by that press. */
struct wire_call restart_options_call(const struct restart_options *options, const char *unit,
                                      const char *press, int settle);
