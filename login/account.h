/* An account of this machine, or of the directory behind it, as the name service knows it. */
#pragma once

#include <stddef.h>
#include <sys/types.h>

#include "common/person.h"

struct account {
    char name[PERSON_NAME_SIZE]; /* as the name service writes it, whatever it was asked for by */
    uid_t uid;
    gid_t gid;
};

enum { ACCOUNT_E_NONE = 1 /* there is none, or it or what was asked for is not the name of a person */ };
/* 0, ACCOUNT_E_NONE or a negative errno. */
int account_find(const char *name, struct account *ret);

/* Adds the groups of the account to the person, in the order in which the name service tells them (its own
 * first, and those of /etc/group before those of a directory), as many as a person has room for. Those whose
 * names are none of ours are left out: no policy can name them. 0 and how many others there are, or a
 * negative errno. */
int account_groups(const struct account *account, struct person *person, size_t *ret_n);
