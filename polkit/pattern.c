/* A checked pattern, compiled by the C library and matched whole. */
#include "polkit/pattern.h"

#include <errno.h>
#include <regex.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "polkit/pattern-tree.h"

struct pattern {
    regex_t regex;
    unsigned steps;
};

static int check(const char *text, unsigned *ret_steps, struct pattern_error *ret_error)
{
    _cleanup_(freep) struct tree *tree = NULL;
    int r;

    tree = malloc(sizeof(*tree));
    if (!tree)
        return -ENOMEM;
    r = tree_read(text, tree, ret_error);
    if (r)
        return r;
    r = tree_check(tree, ret_error);
    if (r)
        return r;

    *ret_steps = tree_steps(tree);
    return 0;
}

static int compile(const char *text, regex_t *ret, struct pattern_error *ret_error)
{
    char anchored[PATTERN_LENGTH_MAX + sizeof("^()$")];
    int r;

    snprintf(anchored, sizeof(anchored), "^(%s)$", text);
    r = regcomp(ret, anchored, REG_EXTENDED | REG_NOSUB);
    if (r == REG_ESPACE)
        return -ENOMEM;
    if (r != 0) {
        ret_error->offset = 0;
        regerror(r, NULL, ret_error->message, sizeof(ret_error->message));
        return PATTERN_E_INVALID;
    }
    return 0;
}

int pattern_new(const char *text, struct pattern **ret, struct pattern_error *ret_error)
{
    _cleanup_(freep) struct pattern *pattern = NULL;
    unsigned steps = 0;
    int r;

    r = check(text, &steps, ret_error);
    if (r)
        return r;

    pattern = malloc(sizeof(*pattern));
    if (!pattern)
        return -ENOMEM;
    r = compile(text, &pattern->regex, ret_error);
    if (r)
        return r;

    pattern->steps = steps;
    *ret = TAKE_PTR(pattern);
    return 0;
}

void pattern_free(struct pattern *pattern)
{
    if (!pattern)
        return;
    regfree(&pattern->regex);
    free(pattern);
}

unsigned pattern_steps(const struct pattern *pattern)
{
    return pattern->steps;
}

bool pattern_match(const struct pattern *pattern, const char *instance)
{
    return regexec(&pattern->regex, instance, 0, NULL, 0) == 0;
}
