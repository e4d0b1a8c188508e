/* What this side of the broker writes to the journal: requests that it turned away itself, and those of which
 * the broker cannot tell, because it never had them or never answered. All others the broker records. */
#pragma once

#include <stdint.h>

#include "common/http/http.h"
#include "webfront/pages/outcome.h"

/* Since the start, for STATUS=. */
struct audit {
    uint64_t restarts; /* that the broker told of, counted by who asked it */
    uint64_t refusals, unknown;
};

/* `asked` is what the client named, however odd, or NULL; since_usec the request's beginning, or 0. */
void audit_outcome(struct audit *audit, const struct http_request *request, const struct outcome *outcome,
                   const char *asked, uint64_t since_usec);
