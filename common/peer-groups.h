/* The groups of the process at the other end of a Unix socket, as the kernel knows them. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

struct peer_groups {
    gid_t *gids; /* its own one among them */
    size_t n;
};
/* 0, or a negative errno and none. */
int peer_groups_read(int fd, struct peer_groups *ret);
/* Never ACCOUNT_UNMAPPED (common/account-name.h). */
bool peer_groups_have(const struct peer_groups *groups, gid_t gid);
void peer_groups_done(struct peer_groups *groups);
