/* The policy file's text. */
#pragma once

#include <stddef.h>

#include "policy/policy.h"

/* Adds the grants of one file's text. 0, POLICY_E_INVALID or -ENOMEM; grants added before an error stay. */
int policy_parse(struct policy *policy, const char *file, const char *text, size_t size,
                 struct policy_error *error);
