/* The one growing array: a pointer, how many there are, and no third number. Room is made by doubling, from
 * eight on, at powers of two of what is there: an array that has shrunk is never too small for that. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "common/cleanup.h"

/* The array with room for one more, as it is when it has that already. NULL when out of memory: then the
 * array is as it was. */
void *array_grow(void *items, size_t n, size_t item_size);

/* Makes room for one more behind the `n` of `items`, which may move (NULL: there is none yet). False when out
 * of memory. What the room has in it is not set. */
#define ARRAY_ROOM(items, n)                                                                                 \
    ({                                                                                                       \
        void *_grown = array_grow((items), (n), sizeof(*(items)));                                           \
        if (_grown)                                                                                          \
            (items) = _grown;                                                                                \
        _grown != NULL;                                                                                      \
    })

/* Texts, with a NULL behind the last one; NULL while there are none. */
struct texts {
    char **list;
    size_t n;
};
void texts_done(struct texts *texts);
/* Takes the text over, in any case; NULL stands for out of memory. 0 or -ENOMEM. */
int texts_take(struct texts *texts, char *text);

void strv_free(char **list);
DEFINE_CLEANUP(char **, strv_free);
