/* The bus policy that goes beyond the shipped one: the messages for verbs other than restart, allowed only
 * while a grant asks for them. */
#pragma once

#include <stdbool.h>
#include <stdio.h>

#include "policy/policy.h"

/* Does some grant have a verb that the shipped bus policy does not let pass? */
bool bus_policy_needed(const struct policy *policy);

/* Writes the text of BUS_VERBS_PATH. Returns 0 or a negative errno of the stream. */
int bus_policy_render(const struct policy *policy, FILE *out);
