/* Word by word. */
#include "policy/people-read.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define WHITESPACE " \t"

static int fail_name(const struct people_line *line, const char *word, struct policy_error *error)
{
    const char *key = line->key;

    if (strchr(word, ','))
        return policy_fail(error, line->file, line->line, "%s=: put spaces between names, not commas", key);
    if (strcmp(word, "*") == 0)
        return policy_fail(error, line->file, line->line, "%s=: * would be everybody who is known; name them",
                           key);
    return policy_fail(
        error, line->file, line->line,
        "%s=: '%s' is no name, which is 1 to %d letters, digits and _ . @ -, and begins with a letter, a "
        "digit or _",
        key, word, PERSON_NAME_MAX);
}

static int add_name(char ***names, size_t *n, const struct people_line *line, const char *word,
                    struct policy_error *error)
{
    if (!person_name_valid(word))
        return fail_name(line, word, error);
    if (*n == PEOPLE_MAX)
        return policy_fail(error, line->file, line->line, "%s= has more than %d names", line->key,
                           PEOPLE_MAX);
    if (!*names)
        *names = calloc(PEOPLE_MAX, sizeof(**names));
    if (!*names)
        return -ENOMEM;
    (*names)[*n] = strdup(word);
    if (!(*names)[*n])
        return -ENOMEM;
    (*n)++;
    return 0;
}

static int add_word(struct people *people, const struct people_line *line, const char *word, size_t before,
                    struct policy_error *error)
{
    char ***names = line->groups ? &people->groups : &people->users;
    size_t *n = line->groups ? &people->n_groups : &people->n_users;

    if (line->everybody && strcmp(word, "*") == 0) {
        if (people->everybody)
            return policy_fail(error, line->file, line->line, "* is said twice");
        people->everybody = true;
        return 0;
    }
    if (names_have(*names ? *names + before : NULL, *n - before, word))
        return policy_fail(error, line->file, line->line, "%s=: %s is listed twice", line->key, word);
    if (names_have(*names, *n, word)) /* another file says so, too */
        return 0;
    return add_name(names, n, line, word, error);
}

int people_read(struct people *people, const struct people_line *line, struct policy_error *error)
{
    _cleanup_(freep) char *words = strdup(line->value);
    size_t before = line->groups ? people->n_groups : people->n_users;
    char *word, *rest = words;
    int r = 0;

    people->said = true;
    if (!words)
        return -ENOMEM;
    while (r == 0 && (word = strtok_r(rest, WHITESPACE, &rest)))
        r = add_word(people, line, word, before, error);
    if (r == 0 && people->everybody && people->n_users + people->n_groups > 0)
        r = policy_fail(error, line->file, line->line,
                        "%s=: * is everybody who is known; nobody needs to be named beside it", line->key);
    return r;
}
