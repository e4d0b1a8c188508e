/* What an id means only the broker knows; the plan has whole names, so that no unit has two turns under two
 * of them. */
#include "cli/verbs/rolling-units.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cli/shared/call.h"
#include "cli/shared/fail.h"
#include "cli/shared/select.h"
#include "common/cleanup.h"
#include "common/natural.h"
#include "common/unit-name.h"
#include "common/verb.h"

static int nothing_done(const struct rolling_plan *plan, int status, const char *why)
{
    return fail(status, "Nothing was %s: %s.", verb_done(plan->verb), why);
}

static int add(struct rolling_plan *plan, const char *unit)
{
    switch (rolling_plan_add(plan, unit)) {
    case 0:
        return CLI_EXIT_OK;
    case -E2BIG:
        return fail(CLI_EXIT_USAGE, "Nothing was %s: there are more than %d units.", verb_done(plan->verb),
                    ROLLING_UNITS_MAX);
    default:
        return nothing_done(plan, CLI_EXIT_UNAVAILABLE, "there is no memory left");
    }
}

static int compare(const void *a, const void *b)
{
    return natural_compare(*(char *const *)a, *(char *const *)b);
}

static int add_matching(struct rolling_plan *plan, const struct cli_place *place, char *const *pattern)
{
    _cleanup_(texts_done) struct texts units = { .n = 0 };
    int r = select_units(place, pattern, 1, &units);

    if (r != CLI_EXIT_OK)
        return r;
    qsort(units.list, units.n, sizeof(*units.list), compare);
    for (size_t i = 0; i < units.n && r == CLI_EXIT_OK; i++)
        r = add(plan, units.list[i]);
    return r;
}

static int add_named(struct rolling_plan *plan, const char *word)
{
    struct unit_name name;
    int r = unit_id_parse(word, &name);

    if (r == 0)
        return add(plan, name.unit);
    return fail(CLI_EXIT_REFUSED, "Nothing was %s: '%s': %s.", verb_done(plan->verb), word,
                unit_name_outcome(r));
}

static int add_id(struct rolling_plan *plan, const struct cli_place *place, char *id)
{
    const struct wire_call call = { .method = &WIRE_METHODS[WIRE_METHOD_STATUS], .unit = id };
    _cleanup_(wire_answer_done) struct wire_answer answer = { 0 };
    int r = call_read(place, &call, &answer);

    return r == CLI_EXIT_OK ? add_named(plan, answer.status.unit) : r;
}

static int add_word(struct rolling_plan *plan, const struct cli_place *place, char *const *word)
{
    if (select_is_pattern(*word))
        return add_matching(plan, place, word);
    return unit_id_is_name(*word) ? add_named(plan, *word) : add_id(plan, place, *word);
}

int rolling_units_choose(struct rolling_plan *plan, const struct cli_place *place, char *const words[],
                         size_t n)
{
    int r = CLI_EXIT_OK;

    for (size_t i = 0; i < n && r == CLI_EXIT_OK; i++) {
        r = add_word(plan, place, &words[i]);
        if (r == CLI_EXIT_OK && texts_take(&plan->words, strdup(words[i])) < 0)
            r = nothing_done(plan, CLI_EXIT_UNAVAILABLE, "there is no memory left");
    }
    return r;
}
