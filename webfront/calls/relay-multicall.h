/* A system.multicall at POST /RPC2: which of its calls are still to begin or on their way, each by itself,
 * and what the others were answered. They begin in their order: what may do something at once, what only
 * reads a few at a time, so that one caller with many questions takes few of the places and all of them are
 * answered. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "common/http/http.h"
#include "common/rpc/rpc-client.h"
#include "common/rpc/wire-call.h"
#include "webfront/calls/calls.h"
#include "webfront/calls/parts.h"

struct relay_multicall;

/* Of one system.multicall, on their way at once. Of lists fewer: who waits for one takes a place of those who
 * look at the page. */
enum { RELAY_READS_MAX = 4, RELAY_LISTS_MAX = 2 };

/* Begins the i-th call, which is then to be answered, once; now or later. */
typedef void (*relay_begin)(struct parts *parts, struct http_request *request,
                            struct relay_multicall *multicall, size_t i,
                            const struct rpc_client_caller *caller, const struct wire_part *part);

/* Takes the calls over, and lets `begin` begin them, the first ones at once; the request is answered with the
 * last one's end. False when too many wait already, and when out of memory: then the request is still to be
 * answered, and the calls are the caller's. */
bool relay_multicall_start(struct parts *parts, struct http_request *request,
                           const struct rpc_client_caller *caller, struct wire_call *call, relay_begin begin);

/* The i-th one's answer; `refusal` is the code of one (common/refusal.h), or 0. */
void relay_multicall_answer(struct relay_multicall *multicall, size_t i, const struct wire_answer *answer,
                            int refusal);

/* The i-th one is about to be started, as a part, and given up when the client leaves. */
void relay_multicall_wait(struct relay_multicall *multicall, size_t i, struct call *call);
/* The i-th one is that part of the list there. False when too many wait for it. */
bool relay_multicall_list(struct relay_multicall *multicall, size_t i, struct parts *there,
                          const struct rpc_client_caller *caller, const struct wire_list_options *part);
