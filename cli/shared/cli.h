/* restartctl's verbs. Each takes the arguments after its own name and returns the process's exit status. */
#pragma once

#include <stdbool.h>

#include "cli/shared/fail.h"
#include "cli/shared/place.h"
#include "common/rpc/json-layout.h"

struct cli_options {
    const struct cli_place *place; /* where the broker is asked */
    const char *policy;            /* path of the policy file */
    enum json_layout json;
    bool no_legend; /* list: rows alone */
};

/* Any of common/verb.h. */
int cli_restart(const struct cli_options *options, unsigned verb, int argc, char *argv[]);
int cli_status(const struct cli_options *options, int argc, char *argv[]);
int cli_list(const struct cli_options *options, int argc, char *argv[]);
int cli_allowed(const struct cli_options *options, int argc, char *argv[]);
int cli_check(const struct cli_options *options, int argc, char *argv[]);
int cli_policy(const struct cli_options *options, int argc, char *argv[]);
int cli_log(const struct cli_options *options, int argc, char *argv[]);
int cli_bridge(const struct cli_options *options, int argc, char *argv[]);
int cli_watch(const struct cli_options *options, int argc, char *argv[]);
int cli_passwd(const struct cli_options *options, int argc, char *argv[]);
