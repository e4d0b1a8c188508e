/* system.multicall: several calls in one. Each has a place, an entry in the journal and an end as if it had
 * come by itself; they begin in their order, and what restarts something does so beside the others. */
#pragma once

struct request;
struct wire_call;

void method_multicall(struct request *request, const struct wire_call *call);
