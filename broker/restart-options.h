/* The second parameter of restarter.restart: how the caller wants it. */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <xmlrpc-c/base.h>

#include "broker/press.h"

enum { RESTART_SETTLE_MAX_SEC = 60 };

struct restart_options {
    uint64_t settle_usec;      /* how long he lets the unit be watched, or JOB_SETTLE_OWN */
    char press[PRESS_MAX + 1]; /* "": none */
};

/* From the parameters of the call, of which there are one or two. False when the second is no struct, or has
 * a member that is unknown, or a value that none may have. */
bool restart_options_read(xmlrpc_value *params, struct restart_options *ret);
