/* The other machines that the admin has named: /etc/restarter/machines.conf, its sections [Machine NAME] and
 * [Group NAME], as machines-read.h reads them. restartctl, the web front and restarter-far go by it;
 * machines.conf(5). */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "common/machines/machine-host.h"

enum {
    MACHINES_MAX = 64,     /* and as many groups */
    MACHINE_NAME_MAX = 63, /* of A-Z a-z 0-9 . -, of which the first is a letter or a digit */
    MACHINE_NAME_SIZE = MACHINE_NAME_MAX + 1,
};

enum machine_via {
    MACHINE_VIA_SSH = 1, /* restarter-far@NAME.socket is at its socket, or ssh is asked at once */
    MACHINE_VIA_SOCKET,  /* whatever the admin puts at its socket */
};

struct machine {
    char name[MACHINE_NAME_SIZE];
    enum machine_via via;
    char host[MACHINE_HOST_SIZE]; /* of ssh, valid; "" otherwise */
    unsigned port;                /* of ssh, 1 to 65535; 0: none is written, ssh knows */
    unsigned line;                /* where its section begins */
};

struct machine_group {
    char name[MACHINE_NAME_SIZE];
    unsigned char members[MACHINES_MAX]; /* indexes of `list`, in the order written, none twice */
    size_t n_members;                    /* 1 at least */
    unsigned line;
};

/* In the order of the file. No two of them, machine or group, have the same name. */
struct machines {
    struct machine *list;
    size_t n;
    struct machine_group *groups;
    size_t n_groups;
};
void machines_done(struct machines *machines);

bool machine_name_valid(const char *name);

/* NULL: there is none of that name. */
const struct machine *machines_find(const struct machines *machines, const char *name);
const struct machine_group *machines_group(const struct machines *machines, const char *name);
