/* Long output, on a terminal, by the reader's own pager. */
#pragma once

#include <stdio.h>

/* Whatever the environment says: there will be no pager. */
void pager_never(void);
/* Where to write: standard output, or a pager's standard input. */
FILE *pager_begin(void);
/* Waits until the reader is done. */
void pager_end(FILE *out);
