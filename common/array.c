/* Doubling. */
#include "common/array.h"

#include <errno.h>

enum { ARRAY_FIRST = 8 };

void *array_grow(void *items, size_t n, size_t item_size)
{
    bool is_full = n == 0 || (n >= ARRAY_FIRST && (n & (n - 1)) == 0);

    if (items && !is_full)
        return items;
    return reallocarray(items, n < ARRAY_FIRST ? ARRAY_FIRST : 2 * n, item_size);
}

void strv_free(char **list)
{
    for (char **p = list; p && *p; p++)
        free(*p);
    free(list);
}

void texts_done(struct texts *texts)
{
    strv_free(texts->list);
    *texts = (struct texts){ 0 };
}

int texts_take(struct texts *texts, char *text)
{
    /* The NULL behind the last one wants room, too. */
    size_t n = texts->list ? texts->n + 1 : 0;

    if (!text || !ARRAY_ROOM(texts->list, n)) {
        free(text);
        return -ENOMEM;
    }
    texts->list[texts->n++] = text;
    texts->list[texts->n] = NULL;
    return 0;
}
