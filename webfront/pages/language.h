/* The words of the pages, each in every language that there is: webfront/assets/words/ has a file for each,
 * which the build makes words.h of. What the broker says is in English, and so are the sentences that go to
 * programs as well: a page that has one of those marks it so. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "webfront/pages/words.h"

enum {
    WORD_SIZE = 1024, /* bytes that are enough for any text of words/ */
};

struct word_hole {
    const char *name, *value; /* a value of NULL is "" */
};

/* A text without holes. */
const char *language_text(enum language language, enum word word);

/* The text in pieces, from its beginning to its end: our own (of `size` bytes, not terminated), and what
 * fills its holes (terminated). `holes` ends with an entry without a name; NULL: there are none. */
void language_fill(enum language language, enum word word, const struct word_hole *holes,
                   void (*take)(const char *text, size_t size, bool is_ours, void *userdata), void *userdata);
/* The same as one text, cut to what there is room for. */
void language_format(enum language language, enum word word, const struct word_hole *holes, char *ret,
                     size_t size);
