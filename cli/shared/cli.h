/* restartctl's verbs. Each takes the arguments after its own name and returns the process's exit status. */
#pragma once

#include <stdbool.h>

#include "common/rpc/json-layout.h"

enum cli_exit {
    CLI_EXIT_OK = 0,
    CLI_EXIT_FAILED = 1,      /* the job ran and the unit is not up; or a check found something */
    CLI_EXIT_USAGE = 2,       /* the command line */
    CLI_EXIT_REFUSED = 3,     /* a lock said no; nothing was done */
    CLI_EXIT_UNAVAILABLE = 4, /* the broker cannot be reached; nothing was done */
    CLI_EXIT_UNKNOWN = 5,     /* passed on, outcome not learned */
    CLI_EXIT_CHANGES = 6,     /* a dry run: something would change */
};

struct cli_options {
    const char *socket; /* of the broker */
    const char *policy; /* path of the policy file */
    enum json_layout json;
};

enum { CLI_SETTLE_OWN = -1 }; /* the unit is watched for as long as the policy says */

struct cli_restart_call {
    unsigned verb;
    const char *unit, *press;
    int settle; /* seconds, or CLI_SETTLE_OWN */
    enum json_layout json;
};

struct cli_restarted {
    bool success, watching; /* watching: asked again with the same press, the verdict is told */
    char *message;
    char *json; /* laid out as was asked */
};
void cli_restarted_done(struct cli_restarted *restarted);

/* restarter.restart, or another verb's method. On CLI_EXIT_OK *ret is the caller's to end; otherwise the
 * reason was printed. */
int cli_call_restart(const char *socket, const struct cli_restart_call *call, struct cli_restarted *ret);

/* Any of common/verb.h. */
int cli_restart(const struct cli_options *options, unsigned verb, int argc, char *argv[]);
int cli_status(const struct cli_options *options, int argc, char *argv[]);
int cli_list(const struct cli_options *options, int argc, char *argv[]);
int cli_allowed(const struct cli_options *options, int argc, char *argv[]);
int cli_check(const struct cli_options *options, int argc, char *argv[]);
int cli_policy(const struct cli_options *options, int argc, char *argv[]);
int cli_passwd(const struct cli_options *options, int argc, char *argv[]);

/* Says what is wrong with the command line, points to --help, and returns CLI_EXIT_USAGE. */
int cli_usage_error(const char *format, ...) __attribute__((format(printf, 1, 2)));
