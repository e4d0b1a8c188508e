/* A password, as somebody types it. */
#pragma once

#include <stdbool.h>

#include "common/accounts/hash.h"

/* On a terminal it is asked for twice, without showing it; from anything else one line is read, which may
 * lack its end. False, after saying so, when there is none, the two differ, it is empty or too long, or what
 * was read is more than a line. The caller wipes it. */
bool secret_read(const char *user, char ret[static PASSWORD_SIZE]);
