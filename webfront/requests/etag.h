/* Entity tags: what stands for the bytes of an answer, so that who has them need not be sent them again. A
 * tag is made of nothing but what it stands for: whoever compares one learns nothing that the answer would
 * not have told. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

enum { ETAG_SIZE = 3 + 2 * 16 + 1 + 1 }; /* W/"…" and a NUL */

/* All of them are weak: two answers with one tag say the same, and may differ in what is made for one request
 * alone. */
void etag_make(const void *body, size_t size, char ret[static ETAG_SIZE]);

/* Whether `value`, of an If-None-Match, has that tag, or stands for any. NULL, or what cannot be read: no. */
bool etag_is_among(const char *value, const char *tag);
