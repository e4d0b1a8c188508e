/* The answers to the calls of a system.multicall, which come one by one and are kept as bytes until all are
 * there. They fit into one message: each that is short does, and so those to restarts; the long ones do as
 * long as there is room for them, and of another one a fault says that it was too long. */
#pragma once

#include <stddef.h>

#include "common/rpc/rpc.h"
#include "common/rpc/wire-call.h"

enum {
    WIRE_SHORT_MAX = 10 * 1024, /* bytes of an answer for which there always is room */
    WIRE_LONG_MAX = 160 * 1024, /* bytes of all longer ones together */
};

/* All zero: none is there. */
struct wire_gathered {
    xmlrpc_mem_block *blocks[WIRE_PARTS_MAX];
    size_t n;         /* to be set: of so many calls */
    size_t long_size; /* bytes of the long ones */
};

/* Takes over what the i-th call was answered: a response of ours, as wire_answer_encode() makes it; NULL: out
 * of memory. Once for each. */
void wire_gather(struct wire_gathered *gathered, size_t i, xmlrpc_mem_block *block);

/* So long, and for none that is longer than short there is room any more: what takes time to be made may be
 * left unmade, and this said. */
bool wire_gathered_full(const struct wire_gathered *gathered);
void wire_gather_too_long(struct wire_gathered *gathered, size_t i);

/* The response to the system.multicall, the caller's; NULL when out of memory. Of what did not come there is
 * a fault. */
xmlrpc_mem_block *wire_gathered_encode(const struct wire_gathered *gathered);

void wire_gathered_done(struct wire_gathered *gathered);
