/* What `restartctl check` looks at besides what `policy check` does: the parts of the six locks that are
 * accounts, sockets, units and files. Each function looks at one of these, and adds what it finds. */
#pragma once

#include <systemd/sd-bus.h>

#include "policy/policy.h"
#include "polkit/ask/account.h"
#include "polkit/locks/findings.h"

struct system_check {
    struct findings *findings;
    sd_bus *bus;
    const struct policy *policy; /* NULL: it is broken */
    struct account broker;       /* the user that it runs as */
};

/* The daemons' settings and exposure, and whether what runs is what is installed. */
void check_services(struct system_check *check);
/* webfront.conf, and the files and sockets of those who log in. */
void check_web(struct system_check *check);
/* machines.conf, and what is on the way to other machines. */
void check_far(struct system_check *check);
/* The sockets, as configured and as they are. */
void check_sockets(struct system_check *check);
/* Who is the broker's user, and who is in our groups. */
void check_accounts(struct system_check *check);
/* By what else a process could come to be the broker's user's. */
void check_logins(struct system_check *check);
/* The programs, units and policies: root's, and nobody else's to write. */
void check_programs(struct system_check *check);
/* Files that belong to the broker's user, or would make somebody him or one of our groups. */
void check_strays(struct system_check *check);
