/* Line by line, from the old text to the new. */
#include "common/accounts/edit.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/cleanup.h"

static bool is_line_of(const char *line, const char *name)
{
    size_t length = strlen(name);

    return strncmp(line, name, length) == 0 && line[length] == ':';
}

static char *append(char *at, const char *text, size_t length)
{
    return mempcpy(at, text, length);
}

static char *append_line(char *at, const char *name, const char *hash)
{
    at = append(at, name, strlen(name));
    at = append(at, ":", 1);
    at = append(at, hash, strlen(hash));
    return append(at, "\n", 1);
}

int edit_user(const char *text, const char *name, const char *hash, char **ret)
{
    size_t size = strlen(text) + strlen(name) + (hash ? strlen(hash) : 0) + sizeof(":\n\n");
    char *changed = malloc(size), *at = changed;
    bool found = false;

    if (!changed)
        return -ENOMEM;
    for (size_t length; *text; text += length) {
        length = strcspn(text, "\n");
        if (!is_line_of(text, name))
            at = append(append(at, text, length), "\n", 1);
        else if (hash)
            at = append_line(at, name, hash);
        found = found || is_line_of(text, name);
        length += text[length] == '\n';
    }
    if (!found && hash)
        at = append_line(at, name, hash);
    *at = '\0';
    if (!found && !hash) {
        explicit_bzero(changed, size);
        free(changed);
        return EDIT_E_NOT_THERE;
    }
    *ret = changed;
    return 0;
}
