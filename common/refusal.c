/* The one table of refusals. */
#include "common/refusal.h"

#include <stddef.h>

#include "common/unit-name.h"

static const struct refusal_row {
    const char *name;
    unsigned status;
    const char *lock;
    const char *title;
} REFUSALS[] = {
    [REFUSAL_NAME] = { "name", 400, "name grammar", "That is no unit's name" },
    [REFUSAL_NO_GRANT] = { "no-grant", 403, "policy file", "Not granted" },
    [REFUSAL_STOPPED] = { "stopped", 403, "policy file", "Not running" },
    [REFUSAL_NO_UNIT] = { "no-unit", 404, "systemd", "No such unit" },
    [REFUSAL_START_LIMIT] = { "start-limit", 429, "start limit", "Too many starts" },
    [REFUSAL_POLKIT] = { "polkit", 403, "polkit rule", "Refused by the polkit rule" },
    [REFUSAL_BUS] = { "bus", 403, "bus policy", "Refused by the bus policy" },
    [REFUSAL_POLICY_FILE] = { "policy-file", 503, "policy file", "The policy file is broken" },
    [REFUSAL_BUSY] = { "busy", 429, "limits", "Too busy" },
    [REFUSAL_UNAVAILABLE] = { "unavailable", 503, "nobody answers", "Nobody answers" },
    [REFUSAL_STALLED] = { "stalled", 503, "polkit daemon", "polkitd did not decide in time" },
    [REFUSAL_UNKNOWN] = { "unknown", 503, "unknown outcome", "The outcome is unknown" },
    [REFUSAL_PEER] = { "peer", 403, "broker socket", "Not for this caller" },
    [REFUSAL_SYSTEMD] = { "systemd", 503, "systemd", "Refused by systemd" },
    [REFUSAL_CROSS_SITE] = { "cross-site", 403, "web front", "From another site's page" },
    [REFUSAL_HTTP] = { "http", 400, "web front", "Not a request that is taken here" },
    [REFUSAL_COOLDOWN] = { "cooldown", 429, "policy file", "Too soon after the last start" },
    [REFUSAL_PRESS] = { "press", 409, "presses", "That press was made for something else" },
    [REFUSAL_LOGIN] = { "login", 401, "login", "Nobody is logged in" },
    [REFUSAL_REASON] = { "reason", 400, "policy file", "A reason is missing" },
    [REFUSAL_NO_PRESS] = { "no-press", 404, "presses", "No such press is known" },
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

const char *refusal_to_title(int refusal)
{
    const struct refusal_row *row = refusal_find(refusal);

    return row ? row->title : "The broker had a problem of its own";
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
