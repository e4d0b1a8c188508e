/* How many of the open pages are somebody's. A person may have any number of tickets, and a stranger may make
 * up any number of them: what a ticket says counts once the broker has answered one of its pages with a list,
 * and until then all such pages are taken as one person's. */
#pragma once

#include "webfront/live/group.h"

enum { GROUP_BYTES_USUAL = 64 * 1024 /* one is taken to have until it is there */ };

struct share {
    unsigned groups, streams;
};

/* None, for nobody in particular: there is nobody else to be shut out. */
struct share share_of(const struct groups *groups, const struct rpc_client_caller *caller);

/* The list of that person's that is that part of it, in that language; NULL: nobody looks at it. */
struct group *groups_find(const struct groups *groups, const uint8_t key[static CALLER_KEY_SIZE],
                          const struct page_site *site, const struct wire_list_options *part);
/* That all pieces of this process take, and what these lists are taken to need. */
size_t groups_bytes(const struct groups *groups);
