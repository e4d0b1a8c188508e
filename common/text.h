/* Text from outside: anybody's bytes, read as UTF-8, and made fit to be shown. What a terminal, a log or a
 * page takes for a command, or shows out of order, is not fit: control characters (C0, DEL, C1), what turns
 * the direction of writing, what cannot be seen, and what is no UTF-8. */
#pragma once

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/* Bytes of the character at `text` (which is not at its end), 1 to 4; 0 when there is none in UTF-8. */
size_t text_character(const char *text, uint32_t *ret_code);

/* A character that shows itself, and nothing else happens. A blank is one, a tab or a newline is not. */
bool text_is_printable(uint32_t code);

/* Copies what is printable, and puts a blank for tabs and newlines and a question mark for all else; cuts
 * between two characters, at `size` - 1 bytes at most. Takes NULL for an empty text. `ret` may be `text`.
 * Returns `ret`. */
char *text_clean(const char *text, char *ret, size_t size);
/* The same without a limit, the caller's to free; NULL when out of memory. */
char *text_clean_copy(const char *text);
/* The same, printed. */
void text_print(FILE *out, const char *text);

/* What vasprintf() makes, the caller's to free; NULL when out of memory. */
char *text_vformat(const char *format, va_list arguments) __attribute__((format(printf, 1, 0)));
