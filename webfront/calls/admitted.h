/* Whom the broker has let in lately, of those who came with a ticket. Whether a ticket is good the web front
 * cannot tell, and whoever makes tickets up makes as many as he likes: until the broker has said of one that
 * it is good, all of these are one person where places are shared. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "common/rpc/rpc-client.h"
#include "webfront/requests/caller-key.h"

enum { ADMITTED_MAX = 256 }; /* the oldest is forgotten for the next one */

struct admitted {
    uint8_t keys[ADMITTED_MAX][CALLER_KEY_SIZE];
    size_t n; /* that were ever noted */
};

void admitted_note(struct admitted *admitted, const struct rpc_client_caller *caller);
/* Also whoever has no ticket, and whom a proxy vouches for. */
bool admitted_has(const struct admitted *admitted, const struct rpc_client_caller *caller);
