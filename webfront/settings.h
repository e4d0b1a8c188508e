/* What the admin may set, and what the machine says of itself. */
#pragma once

#include <limits.h>
#include <stdint.h>

struct settings {
    const char
        *broker_socket; /* the broker's socket for this web front; the environment's string, or static */
    const char *allowed_hosts;       /* as origin.h reads it; NULL: loopback only */
    char machine[HOST_NAME_MAX + 1]; /* its name, for people; "" when it is not known */
    uint64_t patience_usec; /* for a call that restarts: above the broker's own time (common/patience.h) */
};

/* From the environment. What is wrong in it is said in the journal, and the default holds. */
void settings_read(struct settings *ret);
