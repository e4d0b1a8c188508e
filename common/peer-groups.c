/* SO_PEERGROUPS, which leaves out the one that SO_PEERCRED tells. */
#include "common/peer-groups.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/socket.h>

#include "common/account-name.h"
#include "common/cleanup.h"

enum { GROUPS_MAX = 65536 }; /* the kernel's own limit */

void peer_groups_done(struct peer_groups *groups)
{
    free(groups->gids);
    *groups = (struct peer_groups){ 0 };
}

bool peer_groups_have(const struct peer_groups *groups, gid_t gid)
{
    for (size_t i = 0; gid != ACCOUNT_UNMAPPED && i < groups->n; i++)
        if (groups->gids[i] == gid)
            return true;
    return false;
}

/* The supplementary ones, as many as fit; the kernel says how much room they need. */
static int read_supplementary(int fd, gid_t *gids, socklen_t *size)
{
    return getsockopt(fd, SOL_SOCKET, SO_PEERGROUPS, gids, size) < 0 ? -errno : 0;
}

int peer_groups_read(int fd, struct peer_groups *ret)
{
    struct ucred credentials = { 0 };
    socklen_t size = 64 * sizeof(gid_t), size_of_credentials = sizeof(credentials);
    _cleanup_(freep) gid_t *gids = malloc(size + sizeof(gid_t));
    int r = gids ? read_supplementary(fd, gids, &size) : -ENOMEM;

    if (r == -ERANGE && size <= GROUPS_MAX * sizeof(gid_t)) {
        free(gids);
        gids = malloc(size + sizeof(gid_t));
        r = gids ? read_supplementary(fd, gids, &size) : -ENOMEM;
    }
    if (r == 0 && getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &credentials, &size_of_credentials) < 0)
        r = -errno;
    if (r < 0)
        return r;
    *ret = (struct peer_groups){ .gids = gids, .n = size / sizeof(gid_t) };
    ret->gids[ret->n++] = credentials.gid;
    gids = NULL;
    return 0;
}
