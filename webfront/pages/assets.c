/* A handful of files: looked through. */
#include "webfront/pages/assets.h"

#include <assert.h>
#include <string.h>

enum {
    HASH_LENGTH = 16, /* hexadecimal digits */
};

/* "/style-0123456789abcdef.css" is the address of a "/style.css", whichever bytes that had. */
static bool is_address_of(const char *path, const char *name)
{
    size_t stem = strcspn(name, ".");

    return strncmp(path, name, stem) == 0 && path[stem] == '-' &&
           strspn(path + stem + 1, "0123456789abcdef") == HASH_LENGTH &&
           strcmp(path + stem + 1 + HASH_LENGTH, name + stem) == 0;
}

const struct asset *asset_find(const char *path, bool *ret_kept)
{
    const struct asset *found = NULL;

    for (size_t i = 0; i < ASSETS_COUNT; i++) {
        if (strcmp(ASSETS[i].address, path) == 0) {
            *ret_kept = true;
            return &ASSETS[i];
        }
        if (!found && (strcmp(ASSETS[i].name, path) == 0 || is_address_of(path, ASSETS[i].name)))
            found = &ASSETS[i];
    }
    if (found)
        *ret_kept = false;
    return found;
}

const char *asset_address(const char *name, enum language language)
{
    for (size_t i = 0; i < ASSETS_COUNT; i++)
        if (strcmp(ASSETS[i].name, name) == 0 &&
            (ASSETS[i].language == language || ASSETS[i].language == LANGUAGE_MAX))
            return ASSETS[i].address;
    assert(false);
    return name;
}
