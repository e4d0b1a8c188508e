/* Text that becomes HTML: a growing buffer, and the one function that escapes. Whatever is not a literal of
 * ours goes through html_text(). */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "webfront/pages/language.h"

struct html {
    FILE *out;
    enum language language; /* of the words in it */
    const char *machine;    /* another one, whose addresses and forms these are; NULL: this one */
    char *text;
    size_t size;
};

/* What fills a hole of a template that is declared as markup: a function that writes to the page, so that
 * there is no string of markup from anywhere that could be one of somebody else's. `write` may be NULL. */
struct html_part {
    void (*write)(struct html *html, const void *data);
    const void *data;
};

/* 0 or -ENOMEM. Every begin needs its end. It is this machine's. */
int html_begin(struct html *html, enum language language);

/* Markup of ours, as it is. */
void html_raw(struct html *html, const char *markup);

/* Text from anywhere, safe between tags and between double or single quotes, and cleaned (common/text.h):
 * what turns the direction of writing would do so with what stands around it. NULL writes nothing. */
void html_text(struct html *html, const char *text);

/* The same as one piece of an address, behind its path: it says there what it is, and nothing else. NULL
 * writes nothing. */
void html_encoded(struct html *html, const char *text);

/* markup, text, markup: the usual case. */
void html_wrapped(struct html *html, const char *before, const char *text, const char *after);

/* There is such a text, and something in it. */
bool html_has(const char *text);
void html_part(struct html *html, const struct html_part *part);

/* A text of words/, in the language of the page; what fills its holes ends with an entry without a name, and
 * is text from anywhere. */
void html_word(struct html *html, enum word word);
void html_words(struct html *html, enum word word, const struct word_hole *holes);

/* The text, NUL-terminated and the caller's to free; NULL when memory ran out on the way. */
char *html_end(struct html *html, size_t *ret_size);
