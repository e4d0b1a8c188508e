/* The way from a call that was understood to its method: is who asks let in, and is there a place for him. */
#pragma once

struct request;
struct wire_call;

/* Answers the request, now or later. The call is needed until it returns. */
void dispatch(struct request *request, const struct wire_call *call);
