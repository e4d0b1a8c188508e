/* The verbs of `restartctl policy`. */
#pragma once

#include "cli/shared/policy-options.h"

int policy_render(const struct policy_options *options, int argc, char *argv[]);
int policy_apply(const struct policy_options *options, int argc, char *argv[]);
int policy_table(const struct policy_options *options, int argc, char *argv[]);
int policy_check(const struct policy_options *options, int argc, char *argv[]);
int policy_wait(const struct policy_options *options, int argc, char *argv[]);
int policy_explain(const struct policy_options *options, int argc, char *argv[]);
