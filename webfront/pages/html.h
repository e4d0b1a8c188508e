/* Text that becomes HTML: a growing buffer, and the one function that escapes. Whatever is not a literal of
 * ours goes through html_text(). */
#pragma once

#include <stddef.h>
#include <stdio.h>

struct html {
    FILE *out;
    char *text;
    size_t size;
};

/* 0 or -ENOMEM. Every begin needs its end. */
int html_begin(struct html *html);

/* Markup of ours, as it is. */
void html_raw(struct html *html, const char *markup);

/* Text from anywhere, safe between tags and between double or single quotes. NULL writes nothing. */
void html_text(struct html *html, const char *text);

/* markup, text, markup: the usual case. */
void html_wrapped(struct html *html, const char *before, const char *text, const char *after);

/* The text, NUL-terminated and the caller's to free; NULL when memory ran out on the way. */
char *html_end(struct html *html, size_t *ret_size);
