/* Two patterns, and a name between them. */
#include "policy/pattern-own.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/person.h"
#include "common/unit-name.h"

struct own_pattern {
    struct pattern *before, *behind; /* NULL: nothing is there */
};

bool own_pattern_is(const char *text)
{
    return strstr(text, OWN_NAME) != NULL;
}

void own_pattern_free(struct own_pattern *own)
{
    if (!own)
        return;
    pattern_free(own->before);
    pattern_free(own->behind);
    free(own);
}

static int fail(struct pattern_error *error, size_t offset, const char *message)
{
    error->offset = offset;
    (void)snprintf(error->message, sizeof(error->message), "%s", message);
    return PATTERN_E_INVALID;
}

/* Of a pattern that is one: 'a|b' outside of a group, which would go on beyond this part of the text. */
static bool has_bare_alternative(const char *text)
{
    unsigned depth = 0;
    bool in_class = false;

    for (; *text; text++) {
        if (*text == '[' || *text == ']')
            in_class = *text == '[';
        if (in_class)
            continue;
        depth += *text == '(';
        depth -= *text == ')';
        if (*text == '|' && depth == 0)
            return true;
    }
    return false;
}

/* One side: nothing, or a pattern by itself. */
static int read_side(const char *side, size_t offset, struct pattern **ret, struct pattern_error *error)
{
    int r;

    if (*side == '\0')
        return 0;
    r = pattern_new(side, ret, error);
    if (r == PATTERN_E_INVALID)
        error->offset += offset;
    return r == 0 && has_bare_alternative(side) ? fail(error, offset, "an alternative") : r;
}

static int read_sides(const char *text, const char *at, struct own_pattern *own, struct pattern_error *error)
{
    _cleanup_(freep) char *before = strndup(text, (size_t)(at - text));
    const char *behind = at + strlen(OWN_NAME);
    int r;

    if (!before)
        return -ENOMEM;
    r = read_side(before, 0, &own->before, error);
    return r ? r : read_side(behind, (size_t)(behind - text), &own->behind, error);
}

/* The sides are none, and the whole is: what is wrong is where the name stands. */
static bool is_pattern(const char *text)
{
    _cleanup_(pattern_freep) struct pattern *pattern = NULL;
    struct pattern_error error;

    return pattern_new(text, &pattern, &error) == 0;
}

int own_pattern_new(const char *text, struct own_pattern **ret, char ret_wide[static OWN_WIDE_SIZE],
                    struct pattern_error *ret_error)
{
    _cleanup_(own_pattern_freep) struct own_pattern *own = calloc(1, sizeof(*own));
    const char *at = strstr(text, OWN_NAME);
    int r;

    if (!own)
        return -ENOMEM;
    if (strlen(text) > PATTERN_LENGTH_MAX)
        return fail(ret_error, PATTERN_LENGTH_MAX, "the pattern is too long");
    if (own_pattern_is(at + strlen(OWN_NAME)))
        return fail(ret_error, (size_t)(at - text), OWN_NAME " can stand in a pattern once");
    (void)snprintf(ret_wide, OWN_WIDE_SIZE, "%.*s%s%s", (int)(at - text), text, OWN_NAME_PATTERN,
                   at + strlen(OWN_NAME));
    r = read_sides(text, at, own, ret_error);
    if (r == PATTERN_E_INVALID && is_pattern(ret_wide))
        return fail(ret_error, (size_t)(at - text),
                    OWN_NAME
                    " stands by itself: not in a group or among alternatives; write a pattern for each");
    if (r)
        return r;
    *ret = TAKE_PTR(own);
    return 0;
}

static bool side_matches(const struct pattern *pattern, const char *text)
{
    return pattern ? pattern_match(pattern, text) : *text == '\0';
}

bool own_name_fits(const char *name)
{
    return person_name_valid(name) && !strpbrk(name, "@-");
}

bool own_pattern_match(const struct own_pattern *own, const char *instance, const char *name)
{
    char before[UNIT_NAME_SIZE];

    if (!own_name_fits(name) || strlen(instance) >= sizeof(before))
        return false;
    for (const char *at = instance; (at = strstr(at, name)); at++) {
        (void)snprintf(before, sizeof(before), "%.*s", (int)(at - instance), instance);
        if (side_matches(own->before, before) && side_matches(own->behind, at + strlen(name)))
            return true;
    }
    return false;
}
