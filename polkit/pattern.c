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
};

static int check(const char *text, struct pattern_error *ret_error)
{
    _cleanup_(freep) struct tree *tree = NULL;
    int r;

    tree = malloc(sizeof(*tree));
    if (!tree)
        return -ENOMEM;
    r = tree_read(text, tree, ret_error);
    if (r)
        return r;
    return tree_check(tree, ret_error);
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
    int r;

    r = check(text, ret_error);
    if (r)
        return r;

    pattern = malloc(sizeof(*pattern));
    if (!pattern)
        return -ENOMEM;
    r = compile(text, &pattern->regex, ret_error);
    if (r)
        return r;

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

bool pattern_match(const struct pattern *pattern, const char *instance)
{
    return regexec(&pattern->regex, instance, 0, NULL, 0) == 0;
}
