/* The headers with which a web front says for whom it calls. Each gate takes some of them, and what a gate
 * does not take, what is there twice and what is malformed ends the call: nobody is to believe that it was
 * heeded. */
#pragma once

#include <stdbool.h>

#include "broker/calls/peer.h"
#include "common/person.h"

struct http_request;

/* As they came, and NULL for what did not; the request's. */
struct headers {
    const char *client; /* an address */
    const char *ticket; /* any text */
    const char *user;   /* a name */
    const char *groups; /* "GROUP,GROUP", each of them a name; PERSON_GROUPS_MAX at most */
};

enum {
    HEADERS_E_NOT_HERE = 1, /* not for this gate, or not from this peer */
    HEADERS_E_TWICE,
    HEADERS_E_MALFORMED,
    HEADERS_E_NOBODY, /* the peer has to say who asks, and says only in which groups */
};

/* 0, or HEADERS_E_… with the header's name in *ret_wrong. `who` is the gate's, or GATE_VOUCHED for a peer
 * that may name people at another one. */
int headers_read(enum gate_who who, const struct http_request *request, struct headers *ret,
                 const char **ret_wrong);

/* A whole sentence for it. */
void headers_describe(int outcome, const char *wrong, const struct gate *gate, char *ret, size_t size);

/* The same for a call at a gate where the peer has to say who asks, and does not. */
void headers_describe_nobody(const struct gate *gate, char *ret, size_t size);

/* Takes them one by one out of a list as it comes in the header: the next one in `ret`; false at the end, and
 * for what is no name (*list is not at its end then). */
bool headers_next_group(const char **list, char ret[static PERSON_NAME_SIZE]);
