/* The files the page needs (assets/), compiled in: nothing is read while it runs. assets.c is made by
 * webfront.mk. */
#pragma once

#include <stddef.h>

struct asset {
    const char *path, *type;
    const unsigned char *body;
    size_t size;
};

extern const struct asset ASSETS[];
extern const size_t ASSETS_COUNT;
