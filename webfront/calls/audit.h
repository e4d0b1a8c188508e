/* What this side of the broker writes to the journal: requests that it turned away itself, and those of which
 * the broker cannot tell, because it never had them or never answered. All others the broker records. */
#pragma once

#include <stdint.h>

#include "common/http/http.h"
#include "webfront/calls/parts.h"
#include "webfront/pages/outcome.h"

enum { AUDIT_CODES = 32 }; /* of common/refusal.h, and room for more of them */

/* Since the start, for STATUS=. */
struct audit {
    uint64_t restarts; /* that the broker told of, counted by who asked it */
    uint64_t refusals, unknown;
    uint64_t codes[AUDIT_CODES]; /* refusals by their codes, for /metrics; 0: by none of ours */
};

/* `parts` are those of the machine that it was asked of. `asked` is what the client named, however odd, or
 * NULL; since_usec the request's beginning, or 0. */
void audit_outcome(const struct parts *parts, const struct http_request *request,
                   const struct outcome *outcome, const char *asked, uint64_t since_usec);
