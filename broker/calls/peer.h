/* Who is at the other end of a socket: told by the kernel, not by the caller. Holds even where the socket
 * file's mode was opened by mistake. For whom the peer speaks, where it speaks for others, is in headers.h.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "common/peer-groups.h"

struct http_request;

enum { PEER_TEXT_SIZE = 65 };

/* Who, of those who come in by a gate, it is that asks. */
enum gate_who {
    GATE_PEER,    /* the peer itself, as the kernel knows it */
    GATE_TICKET,  /* nobody, or whom a ticket names that the peer carries and cannot make */
    GATE_VOUCHED, /* whom the peer names */
};

/* One of the broker's doors: what there is to know of who comes in there. */
struct gate {
    uint32_t number;     /* by which a press remembers it: never that of another one before it */
    const char *fd_name; /* FileDescriptorName= of its socket unit */
    const char *socket;  /* for people */
    const char *group;   /* whose members may come in, besides root */
    enum gate_who who;
    bool optional; /* it need not be open */
    gid_t gid;     /* (gid_t)-1: there is no such group, and only root comes in */
};

struct peer {
    uid_t uid;
    pid_t pid;
    char user[PEER_TEXT_SIZE];   /* the name of the uid, or "uid:1000", where the peer itself asks */
    bool is_front;               /* an account that may name whom it asks for: Fronts= of the policy */
    char client[PEER_TEXT_SIZE]; /* where sits for whom it speaks; "" when it does not say */
};

enum {
    PEER_E_FORBIDDEN = 1, /* not one whom the gate is for; *ret says who it is */
};

void gate_find_group(struct gate *gate);

/* 0 or PEER_E_…; *ret is written in any case. */
int peer_identify(const struct gate *gate, const struct http_request *request, struct peer *ret);

/* "web.sock, pid 12, uid 62011, for 127.0.0.1:40312": for the journal. */
void peer_describe(const struct peer *peer, const struct gate *gate, char *ret, size_t size);

/* Names as /etc/passwd has them; addresses with a port. Not empty, bounded. */
bool peer_user_valid(const char *user);
bool peer_client_valid(const char *client);
