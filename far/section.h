/* What one restarter-far is for: its section [Machine NAME] of machines.conf, and what systemd has read for
 * it, its key and the host key that is pinned. */
#pragma once

#include <sys/types.h>

#include "common/machines/machines.h"

enum { SECTION_WHY_SIZE = 700 };

struct section {
    char name[MACHINE_NAME_SIZE];
    char host[MACHINE_HOST_SIZE];
    unsigned port;              /* 0: none is written */
    char why[SECTION_WHY_SIZE]; /* "": it can be connected to; or a whole sentence, why it cannot */
};

/* `owner`: who may own machines.conf, beside root. 0, also where something is missing, which is told to
 * whoever connects; or -ENOMEM. */
int section_read(const char *machines_path, uid_t owner, const char *name, struct section *ret);
