/* Every way a request is turned away or ends without a known outcome: one table for the page, the JSON, the
 * XML-RPC fault and the journal. README.md and restarter-broker(8) list the same codes. */
#pragma once

#include <stdbool.h>

/* XML-RPC fault codes of refusals. The numbers are a contract: never renumber. */
enum refusal {
    REFUSAL_NAME = 1,         /* not a name the closed grammar knows */
    REFUSAL_NO_GRANT = 2,     /* the policy grants nothing of that name */
    REFUSAL_STOPPED = 3,      /* the instance is not running and StartStopped= does not say yes */
    REFUSAL_NO_UNIT = 4,      /* systemd has no such unit */
    REFUSAL_START_LIMIT = 5,  /* one more start would hit the unit's own StartLimitBurst= */
    REFUSAL_POLKIT = 6,       /* the polkit rule says no */
    REFUSAL_BUS = 7,          /* the bus policy says no */
    REFUSAL_POLICY_FILE = 8,  /* the policy file is broken: nothing is granted */
    REFUSAL_BUSY = 9,         /* a limit of ours was hit by load: jobs, callers, reads */
    REFUSAL_UNAVAILABLE = 10, /* the broker, the bus or systemd cannot be reached: nothing was done */
    REFUSAL_STALLED = 11,     /* polkitd did not decide in its time */
    REFUSAL_UNKNOWN = 12,     /* the request was passed on and its outcome could not be learned */
    REFUSAL_PEER = 13,        /* the caller is not who that socket is for */
    REFUSAL_SYSTEMD = 14,     /* systemd's own no: masked, bad unit file, … */
    REFUSAL_CROSS_SITE = 15,  /* the request came from another site's page */
    REFUSAL_HTTP = 16,        /* not a request the web front takes */
    REFUSAL_COOLDOWN = 17,    /* too soon after the last start for the policy's Cooldown= */
    REFUSAL_PRESS = 18,       /* the same press was made for another unit, or another verb */
    REFUSAL_LOGIN = 19,       /* nobody is logged in: no ticket, or none that is good (any more) */
    REFUSAL_REASON = 20,      /* the grant's Reason= wants one, and none was given */
    REFUSAL_NO_PRESS = 21,    /* no such press is known, or not any more, or not to who asks */
};

/* "name", "policy", "polkit" …: for code and journal; NULL for an unknown code. */
const char *refusal_to_string(int refusal);
/* The HTTP status that says the same; 503 for an unknown code. */
unsigned refusal_to_status(int refusal);
/* The lock (or the part of the system) that refused, in words for a sentence and for the journal. */
const char *refusal_to_lock(int refusal);

/* The same in some words that never vary (RFC 9457, title). */
const char *refusal_to_title(int refusal);

/* What is said of a name outside the closed grammar, by the web front and the broker alike: a whole static
 * sentence for an outcome of unit_id_check() (common/unit-name.h). It quotes nothing that was sent. */
const char *refusal_name_text(int outcome);
