/* The bus policy beside the shipped one, which lets restart's message pass and no other verb's: others while
 * a grant asks for them, and not even restart's while none does. */
#pragma once

#include <stdbool.h>
#include <stdio.h>

#include "policy/policy.h"

/* Do the grants name anything but restart, and nothing less? */
bool bus_policy_needed(const struct policy *policy);

/* Writes the text of BUS_VERBS_PATH. Returns 0 or a negative errno of the stream. */
int bus_policy_render(const struct policy *policy, FILE *out);
