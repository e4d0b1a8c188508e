/* Columns on standard output. */
#pragma once

/* In a column of its own, so many bytes wide at least, and cleaned. */
void cli_print_column(const char *text, int width);
/* The same of a word of a unit's state, with nothing behind it when `width` is 0; on a terminal what failed
 * is red and what is active green, unless NO_COLOR is set or the terminal is a dumb one. */
void cli_print_state(const char *text, int width);
