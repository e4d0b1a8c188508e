/* SO_PEERCRED, SO_PEERGROUPS, and the two headers. */
#include "broker/calls/peer.h"

#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "common/cleanup.h"
#include "common/http/http.h"
#include "common/journal.h"

#define USER_HEADER "Restarter-User"
#define CLIENT_HEADER "Restarter-Client"

enum { GROUPS_MAX = 65536 }; /* the kernel's own limit */

void gate_find_group(struct gate *gate)
{
    const struct group *group = getgrnam(gate->group);

    gate->gid = group ? group->gr_gid : (gid_t)-1;
    if (!group)
        journal_log(LOG_WARNING, "There is no group %s: nobody but root may use %s.", gate->group,
                    gate->socket);
}

void peer_groups_done(struct peer_groups *groups)
{
    free(groups->gids);
    *groups = (struct peer_groups){ 0 };
}

bool peer_groups_have(const struct peer_groups *groups, gid_t gid)
{
    for (size_t i = 0; i < groups->n; i++)
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

/* From /etc/passwd alone: what the name service asks beyond it may take seconds, and nothing here may block.
 * Others are known by their number. */
static void find_name(uid_t uid, char ret[static PEER_TEXT_SIZE])
{
    FILE *file = fopen("/etc/passwd", "re");
    struct passwd entry, *found = NULL;
    char line[1024];

    (void)snprintf(ret, PEER_TEXT_SIZE, "uid:%u", uid);
    while (file && fgetpwent_r(file, &entry, line, sizeof(line), &found) == 0 && found)
        if (found->pw_uid == uid) {
            if (peer_user_valid(found->pw_name))
                (void)snprintf(ret, PEER_TEXT_SIZE, "%s", found->pw_name);
            break;
        }
    if (file)
        (void)fclose(file);
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

static bool read_header(const struct http_request *request, const char *name, bool (*valid)(const char *text),
                        char ret[static PEER_TEXT_SIZE])
{
    unsigned n = http_request_header_count(request, name);
    const char *value;

    if (n == 0)
        return true;
    value = n == 1 ? http_request_header(request, name) : NULL;
    if (!value || !valid(value))
        return false;
    (void)snprintf(ret, PEER_TEXT_SIZE, "%s", value);
    return true;
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
    if (!may_enter(gate, fd, &credentials))
        return PEER_E_FORBIDDEN;
    if (!gate->relays) {
        find_name(credentials.uid, ret->user);
        return 0;
    }
    return read_header(request, USER_HEADER, peer_user_valid, ret->user) &&
                   read_header(request, CLIENT_HEADER, peer_client_valid, ret->client)
               ? 0
               : PEER_E_HEADERS;
}

void peer_describe(const struct peer *peer, const struct gate *gate, char *ret, size_t size)
{
    (void)snprintf(ret, size, "%s, pid %d, uid %u%s%s", gate->socket, peer->pid, peer->uid,
                   peer->client[0] != '\0' ? ", for " : "", peer->client);
}
