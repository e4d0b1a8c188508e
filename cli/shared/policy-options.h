/* What `restartctl policy` and `check` are told, and what they say when it does not get any further. */
#pragma once

#include <stdbool.h>

#include "cli/shared/cli.h"
#include "policy/policy.h"

struct policy_options {
    const char *path;   /* of the policy file */
    const char *source; /* the same, absolute: what rendered files call it */
    enum json_layout json;
    const char *verb;   /* table, check: the only one to ask about; NULL: all */
    bool all;           /* table: the rows that are folded otherwise, too */
    bool force;         /* apply: over a file that was edited by hand */
    bool dry_run;       /* apply: only show the difference */
    bool offline;       /* apply: install the files, and ask nobody */
    bool quiet;         /* check: findings, and nothing else */
    bool skip_polkit;   /* check: all but what polkitd answers */
    const char *user;   /* table, explain: who would ask; NULL: anybody */
    const char *group;  /* his groups, commas between them; NULL: those that the account has */
    const char *socket; /* of the broker */
};

/* Reads the options that follow a verb, which is argv[0]; what is left begins at argv[optind]. False, after
 * saying so, when there is one that it does not know. */
bool policy_options_read(int argc, char *argv[], struct policy_options *options);

/* Loads the policy, or prints "FILE:LINE: message" and returns CLI_EXIT_FAILED. Root is held to what the
 * broker demands of the files (owner, mode); anybody else may try a draft. */
int policy_load_or_say(const struct policy_options *options, struct policy **ret);

/* False, after saying so, when systemd never asks about the verb. */
bool policy_verb_known(const struct policy_options *options);

/* Says that something cannot be done at all now, for a negative errno from the bus or from memory, and
 * returns CLI_EXIT_UNAVAILABLE. */
int policy_failed(const char *what, int r);
