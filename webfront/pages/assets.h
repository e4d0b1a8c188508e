/* The files that a page loads (webfront/assets/), compiled in: nothing is read while it runs. Each has an
 * address with a hash of its bytes in it, under which a browser may keep it for good. Under its plain name,
 * or with another hash in it, the address of another version's page that is, there is what there is now, not
 * to be kept. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "webfront/pages/language.h"

struct asset {
    const char *name;    /* "/style.css" */
    const char *address; /* "/style-0123456789abcdef.css" */
    const char *type;
    enum language language; /* LANGUAGE_MAX: the same for all */
    const unsigned char *body, *zipped;
    size_t size, zipped_size;
};

/* Made by webfront.mk. */
extern const struct asset ASSETS[];
extern const size_t ASSETS_COUNT;

/* By a path that somebody asks for; NULL when there is none. *ret_kept: the path is its address. */
const struct asset *asset_find(const char *path, bool *ret_kept);

/* Where a page finds the one of that name; there is one. */
const char *asset_address(const char *name, enum language language);
