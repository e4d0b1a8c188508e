/* What is asked: text, up to the end of what the asker sends. */
#pragma once

#include <stddef.h>

#include "common/record/question.h"

enum { ASK_PATIENCE_SEC = 3 /* for all of it */ };

/* 0, RECORD_E_MALFORMED (it does not end in time, or within `size` - 1 bytes, or has a NUL in it), or a
 * negative errno. */
int ask_read(int fd, char *ret, size_t size);
