/* Who asks for the record, as the kernel tells it of the other end of a Unix socket, and whether it is one of
 * those whom the policy file names as admins. */
#pragma once

#include <stdbool.h>

enum asker {
    ASKER_OTHER,
    ASKER_ADMIN, /* root, and whoever Admins= and AdminGroups= are about */
};

/* enum asker or a negative errno. A policy file that is missing or has a mistake names nobody. */
int asker_find(int fd, const char *policy_path);

/* The user that the broker runs as, and nobody else, not root. */
bool asker_is_broker(int fd);
