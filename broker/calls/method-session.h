/* restarter.renew, restarter.sign_out, restarter.sign_out_everywhere: for who came with a ticket. */
#pragma once

#include "common/rpc/wire-call.h"

struct request;

void method_renew(struct request *request, const struct wire_call *call);
void method_sign_out(struct request *request, const struct wire_call *call);
void method_sign_out_everywhere(struct request *request, const struct wire_call *call);
