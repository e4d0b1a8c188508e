/* The one table of refusals. */
#include "common/refusal.h"

#include <stddef.h>

#include "common/unit-name.h"

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
    [REFUSAL_BUSY] = { "busy", 429, "limits" },
    [REFUSAL_UNAVAILABLE] = { "unavailable", 503, "nobody answers" },
    [REFUSAL_STALLED] = { "stalled", 503, "polkit daemon" },
    [REFUSAL_UNKNOWN] = { "unknown", 503, "unknown outcome" },
    [REFUSAL_PEER] = { "peer", 403, "broker socket" },
    [REFUSAL_SYSTEMD] = { "systemd", 503, "systemd" },
    [REFUSAL_CROSS_SITE] = { "cross-site", 403, "web front" },
    [REFUSAL_HTTP] = { "http", 400, "web front" },
    [REFUSAL_COOLDOWN] = { "cooldown", 429, "policy file" },
    [REFUSAL_PRESS] = { "press", 409, "presses" },
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

#define NAME_HINT " Give an id like 1234, or a whole name like example@1234.service or nginx.service."

const char *refusal_name_text(int outcome)
{
    switch (outcome) {
    case UNIT_NAME_E_TOO_LONG:
        return "Nothing was restarted: the name is longer than a unit's name can be (255 "
               "characters)." NAME_HINT;
    case UNIT_NAME_E_NOT_SERVICE:
        return "Nothing was restarted: the name does not end in .service." NAME_HINT;
    case UNIT_NAME_E_TEMPLATE:
        return "Nothing was restarted: the name is a template's, and says none of its instances." NAME_HINT;
    default:
        return "Nothing was restarted: the name is empty, lacks a part, or has a character other than "
               "A-Z a-z 0-9 : _ . - in it." NAME_HINT;
    }
}
