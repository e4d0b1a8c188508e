/* Who is in which group: lines "GROUP:USER,USER". */
#pragma once

#include "common/accounts/users.h"

#define GROUPS_FILE "/etc/restarter/groups"

/* Reads the whole file, and adds to the person, who may be NULL, the groups that name them. 0; MISTAKE for a
 * line that is none, a group or a member that is there twice, a member who is none of the users, or more
 * groups than a person may have; -ENOMEM. */
int groups_read(const char *file, const char *text, size_t size, const struct users *users,
                struct person *person, struct mistake *mistake);
