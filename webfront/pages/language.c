/* A text's holes are found as it is written: there are few. */
#include "webfront/pages/language.h"

#include <string.h>

const char *language_text(enum language language, enum word word)
{
    return WORD_TEXTS[language][word];
}

static const char *value_of(const struct word_hole *holes, const char *name, size_t length)
{
    for (; holes && holes->name; holes++)
        if (strlen(holes->name) == length && memcmp(holes->name, name, length) == 0)
            return holes->value ? holes->value : "";
    return "";
}

void language_fill(enum language language, enum word word, const struct word_hole *holes,
                   void (*take)(const char *text, size_t size, bool is_ours, void *userdata), void *userdata)
{
    const char *at = language_text(language, word), *open, *close;

    while ((open = strchr(at, '{')) && (close = strchr(open, '}'))) {
        const char *value = value_of(holes, open + 1, (size_t)(close - open - 1));

        take(at, (size_t)(open - at), true, userdata);
        take(value, strlen(value), false, userdata);
        at = close + 1;
    }
    take(at, strlen(at), true, userdata);
}

struct room {
    char *at;
    size_t left; /* with the byte that ends it */
};

static void append(const char *text, size_t size, bool is_ours, void *userdata)
{
    struct room *room = userdata;

    (void)is_ours;
    if (size >= room->left)
        size = room->left - 1;
    memcpy(room->at, text, size);
    room->at += size;
    room->left -= size;
    *room->at = '\0';
}

void language_format(enum language language, enum word word, const struct word_hole *holes, char *ret,
                     size_t size)
{
    struct room room = { ret, size };

    *ret = '\0';
    language_fill(language, word, holes, append, &room);
}
