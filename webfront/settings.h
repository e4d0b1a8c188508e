/* What the admin may set, and what the machine says of itself. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "common/host-name.h"
#include "common/machines/machines.h"
#include "common/web-in-force.h"

struct settings {
    bool is_proxys; /* the front of the proxy's door, whose requests say in a header who asks */
    struct web_in_force web;
    const char *login_socket; /* the environment's string, or static; NULL: nobody logs in */
    const char
        *broker_socket; /* the broker's socket for this web front; the environment's string, or static */
    const char *allowed_hosts;    /* as origin.h reads it; NULL: loopback only */
    struct machines machines;     /* the others (machines.conf); none when that has a mistake */
    const char *far_directory;    /* where their sockets are, with a slash; as broker_socket */
    char machine[HOST_NAME_SIZE]; /* its name, for people; "" when it is not known */
    uint64_t patience_usec; /* for a call that restarts: above the broker's own time (common/patience.h) */
};

/* For the front of that door, from the environment and from webfront.conf, a credential. What is wrong in the
 * one is said in the journal, and the default holds; what is wrong in the other is for web-in-force.h to say.
 * `allowed_hosts` may point into *ret. 0 or -ENOMEM. */
int settings_read(bool is_proxys, struct settings *ret);
/* After all that goes by them. */
void settings_done(struct settings *settings);
