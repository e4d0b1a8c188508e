/* The one table of refusals. */
#include "common/refusal.h"

#include <stddef.h>

static const struct refusal_row {
    const char *name;
    unsigned status;
    const char *lock;
} REFUSALS[] = {
    [REFUSAL_NAME] = { "name", 400, "name grammar" },
    [REFUSAL_NO_GRANT] = { "no-grant", 403, "policy file" },
    [REFUSAL_STOPPED] = { "stopped", 403, "policy file" },
    [REFUSAL_NO_UNIT] = { "no-unit", 404, "systemd" },
    [REFUSAL_START_LIMIT] = { "start-limit", 429, "start limit" },
    [REFUSAL_POLKIT] = { "polkit", 403, "polkit rule" },
    [REFUSAL_BUS] = { "bus", 403, "bus policy" },
    [REFUSAL_POLICY_FILE] = { "policy-file", 503, "policy file" },
    [REFUSAL_BUSY] = { "busy", 503, "limits" },
    [REFUSAL_UNAVAILABLE] = { "unavailable", 503, "nobody answers" },
    [REFUSAL_STALLED] = { "stalled", 503, "polkit daemon" },
    [REFUSAL_UNKNOWN] = { "unknown", 503, "unknown outcome" },
    [REFUSAL_PEER] = { "peer", 403, "broker socket" },
    [REFUSAL_SYSTEMD] = { "systemd", 503, "systemd" },
    [REFUSAL_CROSS_SITE] = { "cross-site", 403, "web front" },
    [REFUSAL_HTTP] = { "http", 400, "web front" },
};

static const struct refusal_row *refusal_find(int refusal)
{
    if (refusal <= 0 || (size_t)refusal >= sizeof(REFUSALS) / sizeof(*REFUSALS))
        return NULL;
    return &REFUSALS[refusal];
}

const char *refusal_to_string(int refusal)
{
    const struct refusal_row *row = refusal_find(refusal);

    return row ? row->name : NULL;
}

unsigned refusal_to_status(int refusal)
{
    const struct refusal_row *row = refusal_find(refusal);

    return row ? row->status : 503;
}

const char *refusal_to_lock(int refusal)
{
    const struct refusal_row *row = refusal_find(refusal);

    return row ? row->lock : "unknown";
}
