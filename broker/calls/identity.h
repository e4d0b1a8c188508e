/* Who asks: whom the gate that he came in by tells. */
#pragma once

struct headers;
struct request;

/* The request's `person` and, where there is one, its `ticket`; in `login` how it stands to the latter.
 * 0 or -ENOMEM. */
int identity_find(struct request *request, const struct headers *headers);
