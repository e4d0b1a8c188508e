/* Each verb is a row. */
#include "policy/verb.h"

#include <stddef.h>
#include <string.h>

static const struct verb_row {
    unsigned verb;
    const char *word, *bus_member;
} VERBS[] = {
    { VERB_RESTART, "restart", "RestartUnit" },
    { VERB_TRY_RESTART, "try-restart", "TryRestartUnit" },
    { VERB_RELOAD, "reload", "ReloadUnit" },
    { VERB_RELOAD_OR_RESTART, "reload-or-restart", "ReloadOrRestartUnit" },
    { VERB_RESET_FAILED, "reset-failed", "ResetFailedUnit" },
};

static const struct verb_row *find(unsigned verb)
{
    for (size_t i = 0; i < sizeof(VERBS) / sizeof(*VERBS); i++)
        if (VERBS[i].verb == verb)
            return &VERBS[i];
    return NULL;
}

unsigned verb_from_string(const char *word)
{
    for (size_t i = 0; i < sizeof(VERBS) / sizeof(*VERBS); i++)
        if (strcmp(VERBS[i].word, word) == 0)
            return VERBS[i].verb;
    return 0;
}

const char *verb_to_string(unsigned verb)
{
    const struct verb_row *row = find(verb);

    return row ? row->word : NULL;
}

const char *verb_bus_member(unsigned verb)
{
    const struct verb_row *row = find(verb);

    return row ? row->bus_member : NULL;
}
