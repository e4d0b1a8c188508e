/* Patterns are for who reads the list, so the list is all that they can match. */
#include "cli/shared/select.h"

#include <fnmatch.h>
#include <string.h>

#include "cli/shared/fail.h"
#include "cli/shared/rows.h"
#include "common/cleanup.h"
#include "common/unit-name.h"

static const char SUFFIX[] = ".service";

bool select_is_pattern(const char *word)
{
    return strpbrk(word, "*?[") != NULL;
}

bool select_matches(const char *pattern, const char *unit)
{
    size_t length = strlen(unit), suffix = strlen(SUFFIX);
    char name[UNIT_NAME_SIZE];

    if (fnmatch(pattern, unit, 0) == 0)
        return true;
    if (length <= suffix || length >= sizeof(name) || strcmp(unit + length - suffix, SUFFIX) != 0)
        return false;
    memcpy(name, unit, length - suffix);
    name[length - suffix] = '\0';
    return fnmatch(pattern, name, 0) == 0;
}

bool select_matches_any(const struct texts *patterns, const char *unit)
{
    for (size_t i = 0; i < patterns->n; i++)
        if (select_matches(patterns->list[i], unit))
            return true;
    return false;
}

static bool has(const struct texts *units, const char *unit)
{
    for (size_t i = 0; i < units->n; i++)
        if (strcmp(units->list[i], unit) == 0)
            return true;
    return false;
}

static int add(struct texts *units, const char *unit)
{
    if (has(units, unit) || texts_take(units, strdup(unit)) == 0)
        return CLI_EXIT_OK;
    return fail_self(CLI_EXIT_UNAVAILABLE, "out of memory; nothing was done");
}

static int add_matching(const struct wire_list *list, const char *pattern, struct texts *units)
{
    bool any = false;
    int r = CLI_EXIT_OK;

    for (size_t i = 0; i < list->n_instances && r == CLI_EXIT_OK; i++)
        if (select_matches(pattern, list->instances[i].unit)) {
            any = true;
            r = add(units, list->instances[i].unit);
        }
    if (any || r != CLI_EXIT_OK)
        return r;
    return fail(
        CLI_EXIT_REFUSED,
        "Nothing was done: no unit that you may restart or reload matches '%s'. 'restartctl list' prints "
        "them.",
        pattern);
}

static int read_list(const struct cli_place *place, char *const words[], size_t n, struct rows *ret)
{
    const struct wire_list_options all = { .offset = 0 };

    for (size_t i = 0; i < n; i++)
        if (select_is_pattern(words[i]))
            return rows_read(place, &all, ret);
    return CLI_EXIT_OK;
}

int select_units(const struct cli_place *place, char *const words[], size_t n, struct texts *ret)
{
    _cleanup_(rows_done) struct rows rows = { .parts = NULL };
    struct texts units = { .n = 0 };
    int r = n > 0 ? read_list(place, words, n, &rows)
                  : cli_usage_error("a unit, the id of an instance, or a pattern is needed");

    for (size_t i = 0; i < n && r == CLI_EXIT_OK; i++)
        r = select_is_pattern(words[i]) ? add_matching(&rows.list, words[i], &units) : add(&units, words[i]);
    if (r == CLI_EXIT_OK)
        *ret = units;
    else
        texts_done(&units);
    return r;
}
