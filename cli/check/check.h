/* `policy check`: what its parts look at and where they put what they find. */
#pragma once

#include <stdbool.h>

#include "cli/shared/live.h"
#include "cli/shared/policy-options.h"
#include "policy/policy.h"
#include "polkit/ask/matrix.h"
#include "polkit/ask/account.h"
#include "polkit/locks/findings.h"
#include "polkit/locks/polkit-log.h"
#include "polkit/locks/rule-files.h"

enum rule_origin {
    ORIGIN_NONE,    /* there is no rule file of ours */
    ORIGIN_CURRENT, /* it is what the policy file renders to */
    ORIGIN_STALE,   /* rendered, but from another policy file */
    ORIGIN_HAND,    /* tuned, or written, by hand */
};

struct check {
    const struct policy_options *options;
    struct findings findings;
    struct live live;
    struct account broker;  /* the user that all is about */
    struct account polkitd; /* uid 0 when it is not known */
    bool polkitd_known;
    struct polkit_log log;
    struct rule_files files;
    struct policy *policy; /* NULL: the policy file is broken, and nothing is granted */
    struct matrix matrix;  /* of an empty policy then */
    enum rule_origin origin;
    bool rule_not_loaded; /* polkitd cannot take our rule file; check_rules() finds it out */
};

/* All of `policy check` but the printing. Returns an exit status: that of a system that cannot be looked at,
 * after saying why, or CLI_EXIT_OK, whatever was found. */
int check_policy(struct check *check);
void check_done(struct check *check);
/* Prints what was found, or `clean` and how polkitd was asked when nothing was, and returns the exit status.
 */
int check_report(const struct check *check, const char *clean);

/* Rule files: not loaded, before ours, not rendered from this policy file. */
void check_rules(struct check *check);
/* The table against the policy file. After check_rules(), which knows the reasons. */
void check_answers(struct check *check);
/* Units: granted and not there, or running as the broker's user. */
void check_units(struct check *check);
/* People whom the policy file names and nobody can be. */
void check_people(struct check *check);
/* Accounts that may name people at broker.sock. */
void check_fronts(struct check *check);
/* The bus policy, by what the bus lets pass. */
void check_bus(struct check *check);
