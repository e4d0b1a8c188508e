/* Each verb is a row. */
#include "common/verb.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>

static const struct verb_row VERBS[] = {
    { "restart", "RestartUnit", "restarted", VERB_RESTART, true },
    { "try-restart", "TryRestartUnit", "restarted", VERB_TRY_RESTART, false },
    { "reload", "ReloadUnit", "reloaded", VERB_RELOAD, false },
    { "reload-or-restart", "ReloadOrRestartUnit", "reloaded or restarted", VERB_RELOAD_OR_RESTART, true },
};

const struct verb_row *verb_row(unsigned verb)
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
    const struct verb_row *row = verb_row(verb);

    return row ? row->word : NULL;
}

const char *verb_bus_member(unsigned verb)
{
    const struct verb_row *row = verb_row(verb);

    return row ? row->bus_member : NULL;
}

const char *verb_done(unsigned verb)
{
    const struct verb_row *row = verb_row(verb);

    return row ? row->done : "restarted";
}

void verbs_to_string(unsigned verbs, char ret[static VERB_WORDS_SIZE])
{
    char *end = ret;

    *ret = '\0';
    for (unsigned verb = 1; verb & VERB_ALL; verb <<= 1)
        if (verbs & verb)
            end += snprintf(end, VERB_WORDS_SIZE - (size_t)(end - ret), "%s%s", end > ret ? " " : "",
                            verb_to_string(verb));
}
