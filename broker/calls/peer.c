/* SO_PEERCRED, SO_PEERGROUPS, and the names of both. */
#include "broker/calls/peer.h"

#include <errno.h>
#include <grp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "common/account-name.h"
#include "common/cleanup.h"
#include "common/http/http.h"
#include "common/journal.h"

void gate_find_group(struct gate *gate)
{
    const struct group *group = getgrnam(gate->group);

    gate->gid = group ? group->gr_gid : (gid_t)-1;
    if (!group)
        journal_log(LOG_WARNING, "There is no group %s: nobody but root may use %s.", gate->group,
                    gate->socket);
}

static bool may_enter(const struct gate *gate, int fd, const struct ucred *credentials)
{
    _cleanup_(peer_groups_done) struct peer_groups groups = { 0 };

    if (credentials->uid == 0)
        return true;
    if (gate->gid == (gid_t)-1)
        return false;
    return credentials->gid == gate->gid ||
           (peer_groups_read(fd, &groups) == 0 && peer_groups_have(&groups, gate->gid));
}

/* Others are known by their number. */
static void find_name(uid_t uid, char ret[static PEER_TEXT_SIZE])
{
    if (!account_name(uid, ret) || !peer_user_valid(ret))
        (void)snprintf(ret, PEER_TEXT_SIZE, "uid:%u", uid);
}

static bool all_of(const char *text, const char *alphabet)
{
    size_t length = strnlen(text, PEER_TEXT_SIZE);

    return length > 0 && length < PEER_TEXT_SIZE && strspn(text, alphabet) == length;
}

#define LETTERS_AND_DIGITS "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"

bool peer_user_valid(const char *user)
{
    return all_of(user, LETTERS_AND_DIGITS "._@+-") && user[0] != '-';
}

bool peer_client_valid(const char *client)
{
    return all_of(client, LETTERS_AND_DIGITS ".:[]%_-");
}

int peer_identify(const struct gate *gate, const struct http_request *request, struct peer *ret)
{
    struct ucred credentials = { 0 };
    socklen_t size = sizeof(credentials);
    int fd = http_request_fd(request);

    *ret = (struct peer){ .uid = (uid_t)-1 };
    if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &credentials, &size) < 0)
        return PEER_E_FORBIDDEN;
    ret->uid = credentials.uid;
    ret->pid = credentials.pid;
    if (gate->who == GATE_PEER)
        find_name(credentials.uid, ret->user);
    return may_enter(gate, fd, &credentials) ? 0 : PEER_E_FORBIDDEN;
}

void peer_describe(const struct peer *peer, const struct gate *gate, char *ret, size_t size)
{
    (void)snprintf(ret, size, "%s, pid %d, uid %u%s%s", gate->socket, peer->pid, peer->uid,
                   peer->client[0] != '\0' ? ", for " : "", peer->client);
}
