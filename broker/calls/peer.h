/* Who is at the other end of a socket: told by the kernel, not by the caller. Holds even where the socket
 * file's mode was opened by mistake. On the web front's socket, and only there, headers say for whom the call
 * is made. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct http_request;

enum { PEER_TEXT_SIZE = 65 };

/* One of the broker's doors: what there is to know of who comes in there. */
struct gate {
    uint32_t number;     /* by which a press remembers it: never that of another one before it */
    const char *fd_name; /* FileDescriptorName= of its socket unit */
    const char *socket;  /* for people */
    const char *group;   /* whose members may come in, besides root */
    bool relays;         /* the peer speaks for others: its headers are believed */
    gid_t gid;           /* (gid_t)-1: there is no such group, and only root comes in */
};

struct peer {
    uid_t uid;
    pid_t pid;
    char user[PEER_TEXT_SIZE];   /* for whom the call is made; "" when nobody said */
    char client[PEER_TEXT_SIZE]; /* where that user sits; "" when nobody said */
};

enum {
    PEER_E_FORBIDDEN = 1, /* not one whom the gate is for; *ret says who it is */
    PEER_E_HEADERS,       /* the headers of a relay are not what one of ours sends */
};

/* The groups of the process at the other end, its own one among them. */
struct peer_groups {
    gid_t *gids;
    size_t n;
};
/* 0, or a negative errno and none. */
int peer_groups_read(int fd, struct peer_groups *ret);
bool peer_groups_have(const struct peer_groups *groups, gid_t gid);
void peer_groups_done(struct peer_groups *groups);

void gate_find_group(struct gate *gate);

/* 0 or PEER_E_…; *ret is written in any case. */
int peer_identify(const struct gate *gate, const struct http_request *request, struct peer *ret);

/* "web.sock, pid 12, uid 62011, for 127.0.0.1:40312": for the journal. */
void peer_describe(const struct peer *peer, const struct gate *gate, char *ret, size_t size);

/* Names as /etc/passwd and the logins of the web front make them; addresses with a port. Not empty, bounded.
 */
bool peer_user_valid(const char *user);
bool peer_client_valid(const char *client);
