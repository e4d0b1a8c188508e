/* --user= and --group=: the person that a question of policy is about. */
#pragma once

#include "cli/shared/policy-options.h"
#include "common/person.h"

/* Without --user= it is root, who may do whatever anybody may. "" is nobody in particular. Groups are those
 * of
 * --group=, or else of the account of that name, if there is one. CLI_EXIT_OK or, after saying so, another
 * status; the caller ends the person in either case. */
int who_read(const struct policy_options *options, struct person *ret);
