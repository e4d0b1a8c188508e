/* Can the broker read the policy file? It does so as a user of its own, and what root alone may read is not
 * there for it: it goes by what it read before, until the system is started anew, and then by nothing. */
#pragma once

#include <stdbool.h>

#include "polkit/ask/account.h"

/* With its drop-ins. True as well when nobody can become that user, and so nobody knows. */
bool policy_is_readable(const struct account *broker, const char *path);
